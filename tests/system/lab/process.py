"""Child processes with a log file each, and waiting with a bound."""
import ctypes
import os
import shlex
import signal
import subprocess
import time

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def wait_for(what, predicate, seconds=20.0, step=0.02):
    """Calls predicate until it gives something true and returns that; TimeoutError names what was awaited."""
    end = time.monotonic() + seconds
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(step)


class Process:
    """A long-running child. Its output goes to log_path; it is stopped by close() or with its parent."""

    def __init__(self, name, argv, log_path, env=None):
        self.name = name
        self.argv = [str(word) for word in argv]
        self.log_path = log_path
        with open(log_path, "ab") as log:
            self._child = subprocess.Popen(self.argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env,
                                           preexec_fn=_die_with_parent)
        self.pid = self._child.pid

    def running(self):
        return self._child.poll() is None

    def log(self, lines=40):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-lines:])

    def check_running(self):
        if not self.running():
            raise RuntimeError(f"{self.name} ended with {self._child.returncode}:\n{self.log()}")
        return True

    def kill(self):
        """As a crash does it."""
        self._child.kill()
        self._child.wait()

    def interrupt(self, seconds=10.0):
        """As Ctrl-C does it, and waits for the end."""
        self._child.send_signal(signal.SIGINT)
        return self._child.wait(seconds)

    def close(self, seconds=20.0):
        """Asks by SIGTERM, then kills: a daemon may have to wait for a busy disk. @return the exit code (negative: the signal that ended it)"""
        if self.running():
            self._child.terminate()
            try:
                self._child.wait(seconds)
            except subprocess.TimeoutExpired:
                self._child.kill()
        return self._child.wait()


def run(argv, check=True, timeout=60, **more):
    """Runs to the end with output captured as text. With check, a failure shows command and output."""
    argv = [str(word) for word in argv]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          timeout=timeout, env=dict(os.environ, LC_ALL="C.UTF-8"), **more)
    if check and done.returncode != 0:
        raise RuntimeError(f"{shlex.join(argv)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done
