//! Which users listen to which rooms on this node.

use std::collections::HashMap;
use std::sync::Mutex;

use domain::port::presence::Subject;
use domain::{ConnectionId, RoomId, UserId};

use crate::lock::lock;

/// A user listening to a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Visit {
    pub(super) room: RoomId,
    pub(super) user: UserId,
}

impl Visit {
    /// The subject under which its leases are held.
    pub(super) const fn subject(self) -> Subject {
        let Self { room, user } = self;
        Subject::Visit { room, user }
    }
}

/// One connection's share in a visit, from when it starts listening until it stops. Its lease is held
/// under an id of its own (`name`), so that leaving never ends a stay that was entered anew meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    pub(super) visit: Visit,
    pub(super) name: ConnectionId,
}

/// The stays on this node: one per connection and room it listens to, so the limits on those bound this
/// too.
///
/// A stay that ends while it is being renewed is held back until the renewal is done. Otherwise the
/// renewal could reach the store after the release, and an abandoned visit would last for another
/// lease.
#[derive(Default)]
pub(super) struct Stays {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    of: HashMap<ConnectionId, HashMap<RoomId, Stay>>,
    /// The names of each visit's stays.
    visits: HashMap<Visit, Vec<ConnectionId>>,
    renewing: bool,
    held_back: Vec<Stay>,
}

impl Stays {
    /// Whether a connection listens to a room.
    pub(super) fn holds(&self, connection: ConnectionId, room: RoomId) -> bool {
        let state = lock(&self.state);
        let rooms = state.of.get(&connection);
        rooms.is_some_and(|rooms| rooms.contains_key(&room))
    }

    /// Whether a user listens to a room on any connection of this node.
    pub(super) fn is_here(&self, visit: Visit) -> bool {
        lock(&self.state).visits.contains_key(&visit)
    }

    /// Adds a connection's stay; returns the one it replaces, if that is to be released now.
    pub(super) fn enter(&self, connection: ConnectionId, stay: Stay) -> Option<Stay> {
        let mut state = lock(&self.state);
        let rooms = state.of.entry(connection).or_default();
        let before = rooms.insert(stay.visit.room, stay);
        state.visits.entry(stay.visit).or_default().push(stay.name);
        state.end(before)
    }

    /// Ends a connection's share in a visit; returns the stay if it is to be released now.
    pub(super) fn strike(&self, connection: ConnectionId, visit: Visit) -> Option<Stay> {
        let mut state = lock(&self.state);
        let rooms = state.of.get_mut(&connection)?;
        rooms.get(&visit.room).filter(|stay| stay.visit == visit)?;
        let stay = rooms.remove(&visit.room);
        if rooms.is_empty() {
            state.of.remove(&connection);
        }
        state.end(stay)
    }

    /// Ends all stays of a user's connection; returns those to be released now.
    pub(super) fn strike_all(&self, connection: ConnectionId, user: UserId) -> Vec<Stay> {
        let mut state = lock(&self.state);
        let Some(mut rooms) = state.of.remove(&connection) else {
            return Vec::new();
        };
        let theirs = rooms.extract_if(|_, stay| stay.visit.user == user);
        let ended = theirs
            .filter_map(|(_, stay)| state.end(Some(stay)))
            .collect();
        if !rooms.is_empty() {
            state.of.insert(connection, rooms);
        }
        ended
    }

    /// Ends a visit on all connections. Its stays are held back until they are [asked
    /// for](Self::ended).
    pub(super) fn strike_visit(&self, visit: Visit) {
        let mut state = lock(&self.state);
        if state.visits.remove(&visit).is_none() {
            return;
        }
        let State { of, held_back, .. } = &mut *state;
        of.retain(|_, rooms| {
            held_back.extend(
                rooms
                    .extract_if(|_, stay| stay.visit == visit)
                    .map(|(_, it)| it),
            );
            !rooms.is_empty()
        });
    }

    /// Takes the stays that were held back and are to be released now; none during a renewal.
    pub(super) fn ended(&self) -> Vec<Stay> {
        let mut state = lock(&self.state);
        if state.renewing {
            return Vec::new();
        }
        std::mem::take(&mut state.held_back)
    }

    /// All stays.
    pub(super) fn all(&self) -> Vec<Stay> {
        let state = lock(&self.state);
        let rooms = state.of.values();
        rooms.flat_map(HashMap::values).copied().collect()
    }

    /// The stays of these visits.
    pub(super) fn of(&self, visits: &[Visit]) -> Vec<Stay> {
        let state = lock(&self.state);
        let stays = |visit: &Visit| {
            let names = state.visits.get(visit).into_iter().flatten();
            let visit = *visit;
            names.map(move |name| Stay { visit, name: *name })
        };
        visits.iter().flat_map(stays).collect()
    }

    /// Starts a renewal; returns those of `stays` that have not ended.
    pub(super) fn begin_renewal(&self, stays: &[Stay]) -> Vec<Stay> {
        let mut state = lock(&self.state);
        state.renewing = true;
        let lasts = |stay: &&Stay| {
            let names = state.visits.get(&stay.visit);
            names.is_some_and(|names| names.contains(&stay.name))
        };
        stays.iter().filter(lasts).copied().collect()
    }

    /// Finishes a renewal; returns the stays that ended meanwhile and are to be released now.
    pub(super) fn end_renewal(&self) -> Vec<Stay> {
        let mut state = lock(&self.state);
        state.renewing = false;
        std::mem::take(&mut state.held_back)
    }

    /// Ends all stays; returns those to be released.
    pub(super) fn clear(&self) -> Vec<Stay> {
        let State { of, held_back, .. } = std::mem::take(&mut *lock(&self.state));
        let open = of.into_values().flat_map(HashMap::into_values);
        open.chain(held_back).collect()
    }
}

impl State {
    /// Records that a stay has ended; returns it unless it is held back.
    fn end(&mut self, stay: Option<Stay>) -> Option<Stay> {
        let stay = stay?;
        if let Some(names) = self.visits.get_mut(&stay.visit) {
            names.retain(|name| *name != stay.name);
            if names.is_empty() {
                self.visits.remove(&stay.visit);
            }
        }
        if self.renewing {
            self.held_back.push(stay);
            return None;
        }
        Some(stay)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id<T: domain::Id>(number: u128) -> T {
        T::from_uuid(Uuid::from_u128(number))
    }

    fn visit(room: u128) -> Visit {
        Visit {
            room: id(room),
            user: id(1),
        }
    }

    fn stay(room: u128, name: u128) -> Stay {
        Stay {
            visit: visit(room),
            name: id(name),
        }
    }

    #[test]
    fn a_visit_lasts_as_long_as_any_of_its_stays() {
        let stays = Stays::default();
        for (connection, name) in [(10, 100), (11, 101)] {
            assert_eq!(stays.enter(id(connection), stay(5, name)), None);
        }
        assert_eq!(stays.of(&[visit(5), visit(6)]).len(), 2);
        assert_eq!(stays.strike(id(10), visit(5)), Some(stay(5, 100)));
        assert_eq!(stays.strike(id(10), visit(5)), None);
        assert!(stays.is_here(visit(5)) && !stays.holds(id(10), id(5)));
        assert_eq!(stays.strike_all(id(11), id(1)), [stay(5, 101)]);
        assert!(!stays.is_here(visit(5)));
        assert_eq!(stays.all(), []);
    }

    #[test]
    fn a_connection_has_one_stay_in_a_room() {
        let stays = Stays::default();
        stays.enter(id(10), stay(5, 100));
        assert_eq!(stays.enter(id(10), stay(5, 101)), Some(stay(5, 100)));
        assert_eq!(stays.all(), [stay(5, 101)]);
        assert_eq!(stays.strike_all(id(10), id(1)), [stay(5, 101)]);
    }

    #[test]
    fn what_is_somebody_elses_is_left_alone() {
        let stays = Stays::default();
        stays.enter(id(10), stay(5, 100));
        let other = Visit {
            user: id(2),
            ..visit(5)
        };
        assert_eq!(stays.strike(id(10), other), None);
        assert_eq!(stays.strike_all(id(10), other.user), []);
        assert_eq!(stays.all(), [stay(5, 100)]);
    }

    #[test]
    fn what_ends_while_it_is_renewed_is_held_back_until_then() {
        let stays = Stays::default();
        for (connection, name) in [(10, 100), (11, 101), (12, 102)] {
            stays.enter(id(connection), stay(5, name));
        }
        let all = stays.all();
        assert_eq!(stays.strike(id(12), visit(5)), Some(stay(5, 102)));
        assert_eq!(stays.begin_renewal(&all).len(), 2);
        assert_eq!(stays.strike(id(10), visit(5)), None);
        assert!(stays.is_here(visit(5)));
        assert_eq!(stays.end_renewal(), [stay(5, 100)]);
        assert_eq!(stays.end_renewal(), []);
        assert_eq!(stays.strike(id(11), visit(5)), Some(stay(5, 101)));
    }

    #[test]
    fn a_visit_ends_with_all_of_its_stays() {
        let stays = Stays::default();
        for (connection, room, name) in [(10, 5, 100), (11, 5, 101), (11, 6, 102)] {
            stays.enter(id(connection), stay(room, name));
        }
        stays.begin_renewal(&[]);
        stays.strike_visit(visit(5));
        stays.strike_visit(visit(7));
        assert_eq!(stays.ended(), [], "not while others are renewed");
        assert_eq!(stays.all(), [stay(6, 102)]);
        let mut ended = stays.end_renewal();
        ended.sort_unstable_by_key(|stay| stay.name);
        assert_eq!(ended, [stay(5, 100), stay(5, 101)]);
        stays.strike_visit(visit(6));
        assert_eq!(stays.ended(), [stay(6, 102)]);
        assert_eq!(stays.ended(), []);
    }

    #[test]
    fn whatever_is_left_is_released_in_the_end() {
        let stays = Stays::default();
        stays.enter(id(10), stay(5, 100));
        stays.enter(id(11), stay(5, 101));
        stays.begin_renewal(&stays.all());
        stays.strike(id(10), visit(5));
        let mut left = stays.clear();
        left.sort_unstable_by_key(|stay| stay.name);
        assert_eq!(left, [stay(5, 100), stay(5, 101)]);
        assert_eq!(stays.clear(), []);
    }
}
