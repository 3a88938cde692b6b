//! Members with their names and presence.

use std::collections::HashMap;

use domain::{Failure, Membership, UserId};

use crate::present::People;
use crate::{Caller, MemberView, Person, Ports};

/// Shows memberships to a reader.
#[derive(Clone)]
pub(super) struct MemberViews {
    people: People,
}

impl MemberViews {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            people: People::new(ports),
        }
    }

    /// Memberships in the order given.
    pub(super) async fn show(
        &self,
        caller: &Caller,
        memberships: Vec<Membership>,
    ) -> Result<Vec<MemberView>, Failure> {
        let ids: Vec<UserId> = memberships.iter().map(|member| member.user).collect();
        let people = self.people.find(caller, &ids).await?;
        let people: HashMap<UserId, Person> = people.into_iter().map(|p| (p.user.id, p)).collect();
        Ok(memberships
            .into_iter()
            .filter_map(|membership| {
                let person = people.get(&membership.user)?.clone();
                Some(MemberView { person, membership })
            })
            .collect())
    }
}
