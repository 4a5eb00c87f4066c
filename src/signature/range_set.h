// Set algebra over closed ranges of an ordered type (addresses, ports): the ground under header groups and
// their negations. Sets are sorted, disjoint and not touching, so equal sets are equal vectors.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace sekisho::signature {

/// What RangeSet must know of T: successor and predecessor, which do not exist at the ends.
template <class T>
struct RangeTraits;

template <class T>
struct Range {
    T first;
    T last;
    bool operator==(const Range&) const = default;
};

template <class T>
class RangeSet {
  public:
    static RangeSet all() {
        RangeSet set;
        set.ranges_.push_back({RangeTraits<T>::lowest(), RangeTraits<T>::highest()});
        return set;
    }

    /// Call normalise() after the last add. first <= last.
    void add(const T& first, const T& last) { ranges_.push_back({first, last}); }
    void add(const RangeSet& other) { ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end()); }

    void normalise() {
        if (ranges_.size() < 2) return;
        std::sort(ranges_.begin(), ranges_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        std::size_t kept = 0;
        for (std::size_t i = 1; i < ranges_.size(); ++i) {
            const auto next = RangeTraits<T>::successor(ranges_[kept].last);
            if (!next || ranges_[i].first <= *next)
                ranges_[kept].last = std::max(ranges_[kept].last, ranges_[i].last);
            else
                ranges_[++kept] = ranges_[i];
        }
        ranges_.resize(kept + 1);
    }

    /// Everything that is not in this (normalised) set.
    RangeSet complement() const {
        RangeSet rest;
        std::optional<T> from = RangeTraits<T>::lowest();
        for (const auto& range : ranges_) {
            const auto before = RangeTraits<T>::predecessor(range.first);
            if (before && *from <= *before) rest.ranges_.push_back({*from, *before});
            from = RangeTraits<T>::successor(range.last);
            if (!from) return rest;
        }
        rest.ranges_.push_back({*from, RangeTraits<T>::highest()});
        return rest;
    }

    RangeSet intersect(const RangeSet& other) const {
        RangeSet both;
        auto a = ranges_.begin();
        auto b = other.ranges_.begin();
        while (a != ranges_.end() && b != other.ranges_.end()) {
            const T first = std::max(a->first, b->first);
            const T last = std::min(a->last, b->last);
            if (first <= last) both.ranges_.push_back({first, last});
            if (a->last < b->last)
                ++a;
            else
                ++b;
        }
        return both;
    }

    RangeSet without(const RangeSet& other) const { return intersect(other.complement()); }

    bool empty() const { return ranges_.empty(); }
    bool is_all() const { return *this == all(); }
    const std::vector<Range<T>>& ranges() const { return ranges_; }
    bool operator==(const RangeSet&) const = default;

  private:
    std::vector<Range<T>> ranges_;
};

}  // namespace sekisho::signature
