//! Members with their names and presence.

use domain::{Failure, Membership, UserId};

use crate::present::People;
use crate::{MemberView, Ports};

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

    /// Shows memberships of different users, in the order given.
    pub(super) async fn show(
        &self,
        reader: UserId,
        memberships: Vec<Membership>,
    ) -> Result<Vec<MemberView>, Failure> {
        let members = memberships.iter().map(|member| member.user);
        let mut people = self.people.by_id(reader, members).await?;
        Ok(memberships
            .into_iter()
            .filter_map(|membership| {
                let person = people.remove(&membership.user)?;
                Some(MemberView { person, membership })
            })
            .collect())
    }
}
