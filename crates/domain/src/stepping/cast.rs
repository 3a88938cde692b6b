//! The users that steps are about.

use std::collections::BTreeSet;

use crate::port::rooms::Step;
use crate::{Room, UserId};

/// The users whose memberships, tombstones included, a store must read before applying these steps.
pub fn cast(room: &Room, steps: &[Step]) -> BTreeSet<UserId> {
    let mut cast = BTreeSet::new();
    for step in steps {
        match step {
            Step::Admit { user }
            | Step::Depart { user }
            | Step::GiveRole { user, .. }
            | Step::Silence { user, .. } => {
                cast.insert(*user);
            }
            Step::HandOver { to } => {
                cast.insert(*to);
                cast.extend(room.owner);
            }
            Step::Ban { .. }
            | Step::LiftBan { .. }
            | Step::SpendInvite
            | Step::Edit(_)
            | Step::Delete => {}
        }
    }
    cast
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{RoomId, RoomKind, Timestamp};

    #[test]
    fn who_hands_over_is_part_of_it() {
        let [ana, ben, cleo] = [1, 2, 3].map(|n| UserId::from_uuid(Uuid::from_u128(n)));
        let id = RoomId::from_uuid(Uuid::nil());
        let room = Room {
            owner: Some(ana),
            ..Room::empty(id, RoomKind::Public, Timestamp::from_millis(0))
        };
        let steps = [
            Step::HandOver { to: ben },
            Step::Ban { user: cleo },
            Step::Depart { user: ben },
        ];
        assert_eq!(cast(&room, &steps), BTreeSet::from([ana, ben]));
        assert_eq!(cast(&room, &[Step::Delete]), BTreeSet::new());
    }
}
