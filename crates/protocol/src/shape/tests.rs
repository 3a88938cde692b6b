//! Each shape full and bare, so that a change of the wire shows itself.

use serde::de::DeserializeOwned;
use serde_json::{Map, json};

use super::*;
