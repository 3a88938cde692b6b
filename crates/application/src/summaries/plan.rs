//! Planning from which stretches a summary is made.

use std::num::NonZeroU32;

use domain::Seq;

/// A range of a room's log: after one position, up to and including another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Span {
    pub(super) after: Seq,
    pub(super) up_to: Seq,
}

impl Span {
    /// The number of positions in it.
    pub(super) const fn len(self) -> i64 {
        self.up_to.after(self.after)
    }

    /// Its first position.
    pub(super) const fn first(self) -> Seq {
        self.after.next()
    }

    /// Whether a position is in it.
    pub(super) fn holds(self, place: Seq) -> bool {
        place > self.after && place <= self.up_to
    }
}

/// A stretch (level 0), or a fixed number of nodes of the level below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) level: u32,
    /// Its index within the level, counted from 0.
    pub(super) number: i64,
}

/// How logs are divided.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    /// Positions in a stretch.
    pub(super) places: NonZeroU32,
    /// How many nodes of one level make one of the next; at least two.
    pub(super) fan: u32,
}

/// How a span is summarised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// What comes before the first whole stretch, if there is anything.
    pub(super) head: Option<Span>,
    /// The whole stretches, merged into as few nodes as possible.
    pub(super) nodes: Vec<Node>,
    /// What comes after the last whole stretch; the whole span if it contains none.
    pub(super) tail: Span,
}

impl Grid {
    /// The stretch of a position.
    pub(super) fn stretch_of(self, place: Seq) -> i64 {
        place.get().saturating_sub(1) / i64::from(self.places.get())
    }

    /// What a node covers.
    pub(super) fn span(self, node: Node) -> Span {
        let size = self.size(node.level);
        let begin = node.number.saturating_mul(size);
        Span {
            after: seq(begin),
            up_to: seq(begin.saturating_add(size)),
        }
    }

    /// The nodes of the level below that a node consists of.
    pub(super) fn children(self, node: Node) -> Vec<Node> {
        let Some(level) = node.level.checked_sub(1) else {
            return Vec::new();
        };
        let fan = i64::from(self.fan);
        let first = node.number.saturating_mul(fan);
        let numbers = first..first.saturating_add(fan);
        numbers.map(|number| Node { level, number }).collect()
    }

    /// Covers exactly the span.
    pub(super) fn plan(self, span: Span) -> Plan {
        let places = i64::from(self.places.get());
        let first = ceiling(span.after.get(), places);
        let last = span.up_to.get() / places;
        if first >= last {
            return Plan {
                head: None,
                nodes: Vec::new(),
                tail: span,
            };
        }
        let (begin, end) = (
            seq(first.saturating_mul(places)),
            seq(last.saturating_mul(places)),
        );
        Plan {
            head: (begin > span.after).then_some(Span {
                after: span.after,
                up_to: begin,
            }),
            nodes: self.cover(first, last),
            tail: Span {
                after: end,
                up_to: span.up_to,
            },
        }
    }

    /// The span without what lies more than `reach` positions back, starting at the beginning of a
    /// stretch.
    pub(super) fn within_reach(self, span: Span, reach: i64) -> Span {
        if reach <= 0 || span.len() <= reach {
            return span;
        }
        let places = i64::from(self.places.get());
        let begin = ceiling(span.up_to.get().saturating_sub(reach), places);
        let after = seq(begin.saturating_mul(places)).max(span.after);
        Span {
            after: after.min(span.up_to),
            ..span
        }
    }

    /// The fewest nodes that cover the stretches from `first` to before `last`.
    fn cover(self, first: i64, last: i64) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut at = first;
        while at < last {
            let level = self.greatest(at, last.saturating_sub(at));
            let size = self.width(level);
            nodes.push(Node {
                level,
                number: at / size,
            });
            at = at.saturating_add(size);
        }
        nodes
    }

    /// The highest level of which a node starts at `at` and has at most `room` stretches.
    fn greatest(self, at: i64, room: i64) -> u32 {
        let fits = |level: &u32| {
            let width = self.width(*level);
            width <= room && at % width == 0
        };
        (1..Self::LEVELS).take_while(fits).last().unwrap_or(0)
    }

    /// The number of stretches in a node of a level.
    fn width(self, level: u32) -> i64 {
        i64::from(self.fan.max(2)).saturating_pow(level)
    }

    /// The number of positions in a node of a level.
    fn size(self, level: u32) -> i64 {
        i64::from(self.places.get()).saturating_mul(self.width(level))
    }

    /// More levels than the longest log can have.
    const LEVELS: u32 = 50;
}

const fn ceiling(number: i64, by: i64) -> i64 {
    number / by + if number % by == 0 { 0 } else { 1 }
}

fn seq(place: i64) -> Seq {
    Seq::new(place).unwrap_or(Seq::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid = Grid {
        places: NonZeroU32::new(10).unwrap(),
        fan: 3,
    };

    fn span(after: i64, up_to: i64) -> Span {
        Span {
            after: seq(after),
            up_to: seq(up_to),
        }
    }

    fn told(after: i64, up_to: i64) -> String {
        let plan = GRID.plan(span(after, up_to));
        let show = |span: Span| format!("{}-{}", span.first(), span.up_to);
        let head = plan.head.map(show).unwrap_or_default();
        let nodes = plan.nodes.iter();
        let nodes: Vec<String> = nodes.map(|n| format!("{}/{}", n.level, n.number)).collect();
        let tail = if plan.tail.len() > 0 {
            show(plan.tail)
        } else {
            String::new()
        };
        format!("{head}|{}|{tail}", nodes.join(" "))
    }

    #[test]
    fn a_span_is_its_head_whole_stretches_and_its_tail() {
        for (after, up_to, expected) in [
            (0, 0, "||"),
            (0, 9, "||1-9"),
            (0, 10, "|0/0|"),
            (0, 11, "|0/0|11-11"),
            (5, 15, "||6-15"),
            (5, 19, "||6-19"),
            (5, 20, "6-10|0/1|"),
            (9, 25, "10-10|0/1|21-25"),
            (10, 25, "|0/1|21-25"),
            (0, 30, "|1/0|"),
            (0, 49, "|1/0 0/3|41-49"),
            (10, 60, "|0/1 0/2 1/1|"),
            (0, 90, "|2/0|"),
            (3, 275, "4-10|0/1 0/2 1/1 1/2 2/1 2/2|271-275"),
        ] {
            assert_eq!(told(after, up_to), expected, "{after}..{up_to}");
        }
    }

    #[test]
    fn every_place_is_told_once() {
        for after in 0..70 {
            for up_to in after..200 {
                let plan = GRID.plan(span(after, up_to));
                let parts = plan.nodes.iter().map(|node| GRID.span(*node));
                let parts: Vec<Span> = plan
                    .head
                    .into_iter()
                    .chain(parts)
                    .chain([plan.tail])
                    .collect();
                let ends = parts.iter().map(|part| part.up_to);
                let begins: Vec<Seq> = [seq(after)].into_iter().chain(ends).collect();
                let (last, begins) = begins.split_last().unwrap();
                assert!(
                    parts.iter().map(|part| &part.after).eq(begins),
                    "{after}..{up_to}"
                );
                assert_eq!(*last, seq(up_to));
            }
        }
    }

    #[test]
    fn what_gathers_covers_what_it_gathers() {
        for level in 1..4 {
            for number in 0..4 {
                let node = Node { level, number };
                let children = GRID.children(node);
                assert_eq!(children.len(), 3);
                let spans: Vec<Span> = children.iter().map(|child| GRID.span(*child)).collect();
                assert_eq!(spans[0].after, GRID.span(node).after);
                assert_eq!(spans[2].up_to, GRID.span(node).up_to);
                assert!(spans.windows(2).all(|pair| pair[0].up_to == pair[1].after));
            }
        }
    }

    #[test]
    fn a_great_log_is_a_few_nodes() {
        let grid = Grid {
            places: NonZeroU32::new(200).unwrap(),
            fan: 20,
        };
        for (after, up_to) in [
            (0, 100_000),
            (123, 99_999),
            (1, 1_000_000),
            (0, Seq::MAX.get()),
        ] {
            let nodes = grid.plan(span(after, up_to)).nodes.len();
            assert!(nodes < 20 * 12 * 2, "{nodes}");
        }
        assert_eq!(grid.plan(span(0, 100_000)).nodes.len(), 6);
    }

    #[test]
    fn what_lies_too_far_back_is_left_out() {
        let reach = |after, up_to, reach| {
            let span = GRID.within_reach(span(after, up_to), reach);
            (span.after.get(), span.up_to.get())
        };
        assert_eq!(reach(0, 100, 0), (0, 100));
        assert_eq!(reach(0, 100, 100), (0, 100));
        assert_eq!(reach(0, 105, 50), (60, 105));
        assert_eq!(reach(0, 100, 50), (50, 100));
        assert_eq!(reach(58, 105, 40), (70, 105));
        assert_eq!(reach(0, 103, 2), (103, 103));
    }
}
