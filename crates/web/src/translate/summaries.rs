//! Summaries.

use application::SummaryView;
use application::summaries::{Ask, Since};
use domain::Seq;
use domain::port::summariser::{Bullet, Style};
use protocol::rest::{SummaryQuery, SummarySince, SummaryStyle};
use protocol::shape;

use super::moments::to_wire;
use super::people::named_user;

/// The requested summary.
pub(crate) fn ask(form: SummaryQuery) -> Ask {
    Ask {
        since: match form.since {
            SummarySince::Read => Since::Read,
            SummarySince::Join => Since::Join,
            // The form has checked it against the same bounds.
            SummarySince::Place(place) => Since::Place(Seq::new(place).unwrap_or(Seq::MAX)),
        },
        style: match form.style {
            SummaryStyle::Bullets => Style::Bullets,
            SummaryStyle::Brief => Style::Brief,
        },
    }
}

/// A summary.
pub(crate) fn summary(view: SummaryView) -> shape::Summary {
    shape::Summary {
        summary: view.summary,
        bullets: view.bullets.into_iter().map(bullet).collect(),
        from_seq: view.from.get(),
        to_seq: view.to.get(),
        message_count: view.messages,
        participants: view.participants.iter().map(named_user).collect(),
        model: view.model,
        cached: view.cached,
        degraded: view.degraded,
        generated_at: to_wire(view.at),
    }
}

fn bullet(bullet: Bullet) -> shape::SummaryBullet {
    shape::SummaryBullet {
        text: bullet.text,
        seqs: bullet.seqs.into_iter().map(Seq::get).collect(),
    }
}
