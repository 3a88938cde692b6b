//! Summaries.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use adapter_extractive::Extractive;
use adapter_openai::{OpenAi, OpenAiOptions};
use anyhow::Context as _;
use application::Summaries;
use domain::port::Summariser;

use crate::settings::{ServiceUrl, Settings};

/// How much longer a call may take than the model's own timeout.
const SPARE: Duration = Duration::from_secs(1);

/// The model, if there is a key or an address for one.
pub(crate) fn model(settings: &Settings) -> anyhow::Result<Option<Arc<dyn Summariser>>> {
    let openai = &settings.openai;
    if !settings.has_model() {
        return Ok(None);
    }
    let timeout = settings.summaries.timeout;
    let usual = OpenAiOptions::default();
    let key = openai.api_key.as_ref().map(|key| key.expose().to_owned());
    let address = openai.base_url.as_ref().map(ServiceUrl::expose);
    let options = OpenAiOptions {
        base_url: address.map_or_else(|| usual.base_url.clone(), str::to_owned),
        api_key: key.unwrap_or_default(),
        model: openai.model.clone(),
        connect_timeout: usual.connect_timeout.min(timeout),
        first_byte_timeout: usual.first_byte_timeout.min(timeout),
        timeout,
        context_tokens: openai.context_tokens,
        ..usual
    };
    let model = OpenAi::new(options);
    let model = model.context("OPENAI_API_KEY, OPENAI_BASE_URL or OPENAI_MODEL cannot be used")?;
    Ok(Some(Arc::new(model)))
}

/// Makes summaries without a model, or in its place when it fails.
pub(super) fn local() -> Arc<dyn Summariser> {
    Arc::new(Extractive::new())
}

/// How summaries are made.
pub(super) fn policy(settings: &Settings) -> Summaries {
    let summaries = &settings.summaries;
    Summaries {
        stretch: NonZeroU32::new(summaries.stretch).unwrap_or(NonZeroU32::MIN),
        gathered: summaries.gathered,
        reach: summaries.reach,
        kept: summaries.kept,
        at_once: summaries.at_once,
        timeout: summaries.timeout.saturating_add(SPARE),
        patience: summaries.patience,
        daily_tokens: summaries.daily_tokens,
        worth: summaries.worth,
        of_person: settings.limits.summary,
        of_room: settings.limits.summary_room,
    }
}
