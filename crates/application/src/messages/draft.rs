//! Resolving what a message refers to before it can be stored.

use std::collections::HashSet;
use std::sync::Arc;

use domain::port::messages::{Fingerprint, ReplyTo};
use domain::port::{MediaStore, Messages};
use domain::{
    ClientId, Failure, FieldProblem, Media, MediaId, MediaStatus, Message, MessageBody, MessageId,
    Refusal, RoomId, UserId,
};
use sha2::{Digest as _, Sha256};

use super::mentions::Mentions;
use super::place::{own, unknown};
use crate::access::Inside;
use crate::{Error, Ports};

/// Tells a repeated send from another message under the same client id.
pub(super) fn fingerprint(client_id: ClientId, body: &MessageBody) -> Fingerprint {
    let digest = Sha256::new()
        .chain_update(client_id.as_uuid().as_bytes())
        .chain_update(body.as_str().as_bytes())
        .finalize();
    Fingerprint(digest.into())
}

/// The problem of attachments that cannot be used in the message.
pub(super) fn unattachable() -> FieldProblem {
    let message = "must be uploads of yours in this room, each used once";
    FieldProblem::new("attachments", "unknown", message)
}

/// What a message refers to, resolved.
pub(super) struct References {
    pub(super) reply_to: Option<ReplyTo>,
    /// The author of the message that it replies to.
    pub(super) answered: Option<UserId>,
    pub(super) mentions: Vec<UserId>,
}

/// Resolves what messages refer to.
pub(super) struct Drafts {
    messages: Arc<dyn Messages>,
    media: Arc<dyn MediaStore>,
    mentions: Mentions,
}

impl Drafts {
    pub(super) fn new(ports: &Ports) -> Self {
        Self {
            messages: Arc::clone(&ports.messages),
            media: Arc::clone(&ports.media),
            mentions: Mentions::new(ports),
        }
    }

    /// Resolves what a message refers to, and refuses invalid references.
    pub(super) async fn references(
        &self,
        inside: &Inside,
        body: &MessageBody,
        reply_to: Option<MessageId>,
        attachments: &[MediaId],
    ) -> Result<References, Error> {
        let (room, author) = (inside.room.id, inside.membership.user);
        let target = match reply_to {
            Some(id) => own(&*self.messages, inside, id).await?,
            None => None,
        };
        let mut problems = Vec::new();
        if reply_to.is_some() && target.is_none() {
            problems.push(unknown("replyTo"));
        }
        problems.extend(self.unfit(room, author, attachments).await?);
        Refusal::if_any(problems)?;
        let standing = |target: &Message| target.deleted_at.is_none();
        if !target.as_ref().is_none_or(standing) {
            return Err(Refusal::MessageDeleted.into());
        }
        Ok(References {
            reply_to: target.as_ref().map(|target| ReplyTo {
                message: target.id,
                thread: target.thread_root(),
            }),
            answered: target.map(|target| target.sender),
            mentions: self.mentions.of(body, room, author).await?,
        })
    }

    /// What is wrong with the attachments. This finds early what the store would refuse, so that it is
    /// reported before a rate limit is. Only the store can tell whether an upload was already used.
    async fn unfit(
        &self,
        room: RoomId,
        owner: UserId,
        ids: &[MediaId],
    ) -> Result<Option<FieldProblem>, Failure> {
        if ids.is_empty() {
            return Ok(None);
        }
        if ids.len() > Message::MAX_ATTACHMENTS {
            let message = format!("must be at most {}", Message::MAX_ATTACHMENTS);
            return Ok(Some(FieldProblem::new("attachments", "too_many", message)));
        }
        let each_once = ids.iter().collect::<HashSet<_>>().len() == ids.len();
        let fit = |media: &Media| {
            let theirs = media.owner == owner && media.room == Some(room);
            theirs && media.status != MediaStatus::Rejected
        };
        let found = self.media.find(ids).await?;
        let all_fit = each_once && found.len() == ids.len() && found.iter().all(fit);
        Ok((!all_fit).then(unattachable))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_fingerprint_is_of_name_and_text() {
        let [one, two] = [1, 2].map(|n| ClientId::from_uuid(Uuid::from_u128(n)));
        let [hi, ho] = ["hi", "ho"].map(|text| MessageBody::parse(text).unwrap());
        assert_eq!(fingerprint(one, &hi), fingerprint(one, &hi));
        assert_ne!(fingerprint(one, &hi), fingerprint(two, &hi));
        assert_ne!(fingerprint(one, &hi), fingerprint(one, &ho));
    }
}
