//! Everything that can go wrong with a call. None of it holds a word of what was sent or received, but
//! for the server's own name of its error.

use async_openai::error::OpenAIError;
use domain::Failure;
use domain::port::summariser::SummariseError;

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error("the model's server could not be reached")]
    Unreachable(#[source] reqwest::Error),
    #[error("the model did not answer in time")]
    Late,
    #[error("the model's server answered {status} {code}")]
    Status { status: u16, code: String },
    /// It may take the same question in another form.
    #[error("the model's server does not take questions of this form: {status} {code}")]
    Form { status: u16, code: String },
    #[error("the model cannot hold so much")]
    TooLong,
    #[error("the answer broke off")]
    CutOff,
    #[error("the question could not be put")]
    Unasked,
    /// It answered, and what it said is no summary.
    #[error("the answer is no summary")]
    Unusable,
}

impl Broken {
    /// What became of it on its way through the library.
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
