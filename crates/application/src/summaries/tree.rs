//! Assembling a summary from cached parts.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::port::messages::View;
use domain::port::summariser::{Line, Style, Telling};
use domain::{Failure, Rev, RoomId, UserId, Username};
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use tokio::time::{Instant, timeout_at};

use super::bill::Bill;
use super::concern::concerns;
use super::desk::Desk;
use super::ear::Ear;
use super::gather::Spoken;
use super::guard::Reason;
use super::making::{Making, Source};
use super::plan::{Node, Span};
use super::range_summary::RangeSummary;
use crate::Error;

/// How many parts of one summary are made concurrently.
const AT_ONCE: usize = 4;

/// The assembly of one summary.
pub(super) struct Walk {
    pub(super) desk: Arc<Desk>,
    pub(super) room: RoomId,
    pub(super) room_rev: Rev,
    /// The member who asks.
    pub(super) reader: UserId,
    /// The latest revs of the stretches that the span touches.
    pub(super) revs: BTreeMap<i64, Rev>,
    pub(super) bill: Arc<Bill>,
    /// When to stop waiting for the model and continue without it.
    pub(super) by: Instant,
}

impl Walk {
    /// The summary of a span for one reader. If pieces are streamed, the reader's access is checked
    /// again before the first one.
    pub(super) async fn whole(
        &self,
        span: Span,
        (style, reader): (Style, &Username),
        ear: Option<Arc<Ear>>,
        is_still_inside: impl Future<Output = Result<(), Error>>,
    ) -> Result<Arc<RangeSummary>, Error> {
        let theirs = Telling::to_reader(style, reader.as_str());
        let mut making = Making {
            telling: theirs,
            ..self.making(span, self.rev_of(span), Source::Messages)
        };
        if let Some(told) = self.kept(&making).await? {
            return Ok(told);
        }
        let (parts, tail, mentions) = self.parts(span).await?;
        if mentions.is_empty() && !concerns(reader, &parts, &tail) {
            // Then it is the same for everyone whom it does not mention.
            making.telling = Telling::to_all(style);
            if let Some(told) = self.kept(&making).await? {
                return Ok(told);
            }
        }
        making.source = Source::Parts(parts, tail.after(mentions));
        if ear.is_some() {
            is_still_inside.await?;
        }
        Ok(self.fly(making, ear).await?)
    }

    /// The latest rev of anything in a span.
    pub(super) fn rev_of(&self, span: Span) -> Rev {
        let grid = self.desk.grid;
        let stretches = grid.stretch_of(span.first())..=grid.stretch_of(span.up_to);
        let revs = self.revs.range(stretches).map(|(_, rev)| *rev);
        revs.max().unwrap_or(Rev::ZERO)
    }

    /// The summaries of the whole stretches, the messages after them, and those messages within them
    /// that mention the reader: the shared summaries may have left these out.
    async fn parts(
        &self,
        span: Span,
    ) -> Result<(Vec<Arc<RangeSummary>>, Spoken, Vec<Line>), Failure> {
        let plan = self.desk.grid.plan(span);
        let mut parts = Vec::new();
        if let Some(head) = plan.head {
            let rev = self.rev_of(head);
            parts.push(self.part(self.making(head, rev, Source::Messages)).await?);
        }
        parts.extend(self.all(plan.nodes).await?);
        let view = View {
            room: self.room,
            reader: self.reader,
            floor: span.after,
        };
        let tail = self.desk.reader.read(&view, plan.tail).await?;
        let mentions = match plan.tail.after {
            begin if begin > span.after => self.desk.reader.mentioning(&view, begin).await?,
            _ => Vec::new(),
        };
        Ok((parts, tail, mentions))
    }

    async fn all(&self, nodes: Vec<Node>) -> Result<Vec<Arc<RangeSummary>>, Failure> {
        let told = stream::iter(nodes.into_iter().map(|node| self.node(node)));
        told.buffered(AT_ONCE).try_collect().await
    }

    fn node(&self, node: Node) -> BoxFuture<'_, Result<Arc<RangeSummary>, Failure>> {
        async move {
            let grid = self.desk.grid;
            let span = grid.span(node);
            let mut making = self.making(span, self.rev_of(span), Source::Messages);
            let children = grid.children(node);
            if children.is_empty() {
                return self.part(making).await;
            }
            if let Some(told) = self.kept(&making).await? {
                return Ok(told);
            }
            let parts = self.all(children).await?;
            making.source = Source::Parts(parts, Spoken::default());
            self.fly(making, None).await
        }
        .boxed()
    }

    fn making(&self, span: Span, rev: Rev, source: Source) -> Making {
        Making {
            room: self.room,
            span,
            rev,
            room_rev: self.room_rev,
            telling: Telling::to_all(Style::Bullets),
            source,
        }
    }

    async fn part(&self, making: Making) -> Result<Arc<RangeSummary>, Failure> {
        match self.kept(&making).await? {
            Some(told) => Ok(told),
            None => self.fly(making, None).await,
        }
    }

    async fn kept(&self, making: &Making) -> Result<Option<Arc<RangeSummary>>, Failure> {
        let told = self.desk.find(&making.key(self.desk.maker())).await?;
        if told.is_some() {
            self.bill.found();
        }
        Ok(told.map(Arc::new))
    }

    async fn fly(
        &self,
        making: Making,
        ear: Option<Arc<Ear>>,
    ) -> Result<Arc<RangeSummary>, Failure> {
        let key = making.key(self.desk.maker());
        let (desk, bill) = (Arc::clone(&self.desk), Arc::clone(&self.bill));
        let made = making.clone();
        let begin = move || desk.make(made, bill, ear).boxed();
        let flight = self.desk.flights.join(key, begin);
        match timeout_at(self.by, flight).await {
            Ok(landed) => landed.map_err(|failure| failure.tell()),
            Err(_elapsed) => {
                self.bill.without_model(Reason::Slow);
                self.bill.made("local");
                let told = self.desk.make_locally(&making).await?;
                Ok(Arc::new(told))
            }
        }
    }
}
