//! Everything that can go wrong with a call. No error contains a word of what was sent or received,
//! except the server's own code for its error.

use async_openai::error::OpenAIError;
use domain::Failure;
use domain::port::summariser::SummariseError;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("the model's server could not be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("the model did not answer in time")]
    Late,
    #[error("the model's server answered {status} {code}")]
    Status { status: u16, code: String },
    /// It may accept the same request in another form.
    #[error("the model's server does not support this form of request: {status} {code}")]
    Form { status: u16, code: String },
    #[error("the material exceeds the model's context window")]
    TooLong,
    #[error("the answer ended before it was complete")]
    CutOff,
    #[error("the request could not be built")]
    Unasked,
    /// It answered, but not with a summary.
    #[error("the model's answer is not a summary")]
    Unusable,
}

impl Broken {
    /// Recovers our error from the one that the library wraps it in.
    pub(crate) fn from_library(error: OpenAIError) -> Self {
        match error {
            OpenAIError::Boxed(error) => match error.downcast::<Self>() {
                Ok(broken) => *broken,
                Err(_foreign) => Self::CutOff,
            },
            OpenAIError::Reqwest(error) => Self::Unreachable(error.without_url()),
            OpenAIError::InvalidArgument(_) => Self::Unasked,
            OpenAIError::ApiError(_)
            | OpenAIError::JSONDeserialize(..)
            | OpenAIError::FileSaveError(_)
            | OpenAIError::FileReadError(_)
            | OpenAIError::StreamError(_) => Self::CutOff,
        }
    }
}

impl From<Broken> for SummariseError {
    fn from(broken: Broken) -> Self {
        const PORT: &str = "summariser";
        const ACTION: &str = "summarise";
        match &broken {
            Broken::TooLong => Self::TooLong,
            Broken::Unusable => Self::Refused,
            Broken::Status { status, .. } if *status != 429 && *status < 500 => {
                Self::Failed(Failure::lasting(PORT, ACTION, broken))
            }
            Broken::Form { .. } | Broken::Unasked => {
                Self::Failed(Failure::lasting(PORT, ACTION, broken))
            }
            Broken::Unreachable(_) | Broken::Late | Broken::Status { .. } | Broken::CutOff => {
                Self::Failed(Failure::passing(PORT, ACTION, broken))
            }
        }
    }
}
