//! Seats, however connections come and go.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use domain::ConnectionId;
use proptest::prelude::*;
use uuid::Uuid;

use super::stage::{owner, room};
use crate::connection::Connection;
use crate::queue::Bounds;
use crate::seat::Seat;
use crate::tables::Tables;

const PEOPLE: u128 = 6;
const ROOMS: u128 = 4;

#[derive(Clone, Copy, Debug)]
enum Step {
    Sit(u128, u128),
    Leave(u128, u128),
    Vanish(u128),
}

fn step() -> impl Strategy<Value = Step> {
    let pair = || (0..PEOPLE, 0..ROOMS);
    prop_oneof![
        5 => pair().prop_map(|(who, of)| Step::Sit(who, of)),
        4 => pair().prop_map(|(who, of)| Step::Leave(who, of)),
        1 => (0..PEOPLE).prop_map(Step::Vanish),
    ]
}

fn connection(number: u128) -> Rc<Connection> {
    let id = ConnectionId::from_uuid(Uuid::from_u128(number));
    Connection::new(id, owner(number), Bounds::default(), Rc::default())
}

/// Each chair is where its connection thinks it is, and every seat belongs there.
fn check(tables: &mut Tables, people: &[Rc<Connection>], sitting: &BTreeSet<(u128, u128)>) {
    let mut crowds: BTreeMap<u128, usize> = BTreeMap::new();
    for (number, connection) in (0..).zip(people) {
        for of in 0..ROOMS {
            let sits = sitting.contains(&(number, of));
            let seat = tables.seat(connection, room(of));
            assert_eq!(seat.is_some(), sits);
            if let Some(seat) = seat {
                assert!(Rc::ptr_eq(&seat.connection, connection));
                *crowds.entry(of).or_default() += 1;
            }
        }
        let rooms = sitting.iter().filter(|(who, _)| *who == number);
        assert_eq!(connection.rooms().len(), rooms.count());
    }
    for of in 0..ROOMS {
        let crowd = crowds.get(&of).copied().unwrap_or(0);
        assert_eq!(tables.everybody(room(of)).len(), crowd);
    }
}

proptest! {
    #[test]
    fn chairs_stay_right_whoever_comes_and_goes(
        steps in proptest::collection::vec(step(), 0..120),
    ) {
        let people: Vec<_> = (0..PEOPLE).map(connection).collect();
        let (mut tables, mut sitting) = (Tables::default(), BTreeSet::new());
        let of = |who: u128| &people[usize::try_from(who).unwrap()];
        for step in steps {
            match step {
                Step::Sit(who, at) => {
                    let new = tables.sit(room(at), Seat::new(Rc::clone(of(who))));
                    prop_assert_eq!(new.is_none(), sitting.insert((who, at)));
                }
                Step::Leave(who, at) => {
                    let left = tables.leave(of(who), room(at));
                    prop_assert_eq!(left.is_some(), sitting.remove(&(who, at)));
                }
                Step::Vanish(who) => {
                    for at in of(who).rooms() {
                        prop_assert!(tables.leave(of(who), at).is_some());
                    }
                    sitting.retain(|(other, _)| *other != who);
                }
            }
            check(&mut tables, &people, &sitting);
        }
    }
}

#[test]
fn a_connection_is_known_until_it_is_removed() {
    let (first, second) = (connection(1), connection(1));
    let mut tables = Tables::default();
    tables.add(Rc::clone(&first));
    tables.add(Rc::clone(&second));
    assert!(tables.remove(&first));
    assert!(!tables.remove(&first));
    assert!(tables.remove(&second));
    assert!(!tables.remove(&second));
}

#[test]
fn when_a_crowd_leaves_nothing_stays() {
    let mut tables = Tables::default();
    let crowd: Vec<_> = (0..1000).map(connection).collect();
    for member in &crowd {
        tables.add(Rc::clone(member));
        tables.sit(room(1), Seat::new(Rc::clone(member)));
    }
    for member in &crowd {
        tables.leave(member, room(1));
        tables.remove(member);
    }
    assert!(tables.everybody(room(1)).is_empty());
    assert!(crowd.iter().all(|member| Rc::strong_count(member) == 1));
}
