#!/bin/bash
# A real box between two network namespaces: what must pass, passes as it was. Usage: wire.sh FASTPATHD [WORKERS]
# Exit 77 where namespaces or packet sockets are not to be had. Leaves nothing behind.
set -euo pipefail
fastpathd=$1 workers=${2:-1}
tag=sk$$
folder=$(mktemp -d)
daemon=

clean_up() {
    [ -n "$daemon" ] && kill -9 "$daemon" 2>/dev/null || true
    for side in in box out; do ip netns del $tag-$side 2>/dev/null || true; done
    rm -rf "$folder"
}
trap clean_up EXIT
fail() { echo "FAILED: $*"; cat "$folder/log"; exit 1; }

[ "$(id -u)" = 0 ] && command -v ethtool >/dev/null && ip netns add $tag-in 2>/dev/null || exit 77
ip netns add $tag-box
ip netns add $tag-out
ip -n $tag-in link add eth0 type veth peer name lan netns $tag-box || exit 77
ip -n $tag-out link add eth0 type veth peer name wan netns $tag-box
for side in in out; do
    number=$([ $side = in ] && echo 1 || echo 2)
    ip netns exec $tag-$side ethtool -K eth0 tx off tso off gso off gro off >/dev/null 2>&1 || true
    ip -n $tag-$side addr add 10.99.0.$number/24 dev eth0
    ip -n $tag-$side addr add fd99::$number/64 dev eth0 nodad
    ip -n $tag-$side link set eth0 up
    ip -n $tag-$side link set lo up
done

cat > "$folder/box.yaml" <<YAML
run_folder: $folder
fastpath:
  ports:
    - {name: lan, device: "net_af_packet0,iface=lan"}
    - {name: wan, device: "net_af_packet1,iface=wan"}
  pairs:
    - {inside: lan, outside: wan}
  workers: $workers
  memory_mb: 256
  hugepages: false
  mbufs: 16383
  flows: 10000
  stream_memory_mb: 16
YAML

start_daemon() {
    ip netns exec $tag-box "$fastpathd" --config "$folder/box.yaml" > "$folder/log" 2>&1 &
    daemon=$!
    for _ in $(seq 200); do
        grep -q forwarding "$folder/log" && return 0
        kill -0 $daemon 2>/dev/null || fail "the daemon ended"
        sleep 0.05
    done
    fail "the daemon does not start"
}

passes() {
    ip netns exec $tag-in ping -q -c 3 -i 0.1 -W 2 10.99.0.2 >/dev/null || fail "ping"
    ip netns exec $tag-in ping -6 -q -c 3 -i 0.1 -W 2 fd99::2 >/dev/null || fail "ping6"
    ip netns exec $tag-in ping -q -c 3 -i 0.1 -W 2 -s 4000 10.99.0.2 >/dev/null || fail "ping in fragments"
    ip netns exec $tag-in ping -6 -q -c 3 -i 0.1 -W 2 -s 4000 fd99::2 >/dev/null || fail "ping6 in fragments"
    python3 "$(dirname "$0")/tagged_frames.py" $tag-in $tag-out || fail "tagged frames"
}

start_daemon
passes
python3 "$(dirname "$0")/transfer.py" $tag-in $tag-out 10.99.0.2 || fail "TCP transfer"

kill -9 $daemon && wait $daemon 2>/dev/null || true
start_daemon  # its rings and socket from before do not keep it from starting
passes
kill $daemon
for _ in $(seq 100); do kill -0 $daemon 2>/dev/null || break; sleep 0.05; done
wait $daemon || fail "exit status $?"
daemon=
echo "the wire holds with $workers workers"
