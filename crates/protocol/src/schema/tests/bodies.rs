//! The schema of a body allows exactly what its parser accepts.

use jsonschema::Validator;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::super::{Example, Schemas};
use super::{candidates, validator};
use crate::rest::{
    AddUser, ChangePassword, ChangeProfile, CreateChat, CreateInvite, CreateRoom, CreateWebhook,
    EditMember, EditMessage, EditRoom, EditWebhook, EraseAccount, JoinAny, JoinRoom, Login, Logout,
    MoveCursor, Mute, NamedMessage, NamedRoom, PostMessage, PutPushSubscription, Refresh, Register,
};
use crate::{Request, read};

/// A type of body: its rules in both forms, and one that keeps them.
struct Form {
    schema: Value,
    schemas: Map<String, Value>,
    validator: Validator,
    is_read: fn(&Value) -> bool,
    example: Value,
}

fn form<T: Request + JsonSchema + Example + Serialize>() -> Form {
    let collected = || {
        let mut schemas = Schemas::default();
        let reference = schemas.request::<T>();
        (reference, schemas)
    };
    let (reference, schemas) = collected();
    let schemas: Map<String, Value> = schemas.into_all().into_iter().collect();
    Form {
        schema: schemas[&*T::schema_name()].clone(),
        schemas,
        validator: validator(&reference, collected().1),
        is_read: |body| read::<T>(body.to_string().as_bytes()).is_ok(),
        example: serde_json::to_value(T::example()).unwrap(),
    }
}

fn forms() -> Vec<Form> {
    vec![
        form::<Register>(),
        form::<AddUser>(),
        form::<Login>(),
        form::<Refresh>(),
        form::<Logout>(),
        form::<ChangePassword>(),
        form::<ChangeProfile>(),
        form::<EraseAccount>(),
        form::<CreateRoom>(),
        form::<EditRoom>(),
        form::<JoinRoom>(),
        form::<JoinAny>(),
        form::<Mute>(),
        form::<EditMember>(),
        form::<CreateInvite>(),
        form::<PostMessage>(),
        form::<EditMessage>(),
        form::<MoveCursor>(),
        form::<CreateChat>(),
        form::<NamedRoom>(),
        form::<NamedMessage>(),
        form::<CreateWebhook>(),
        form::<EditWebhook>(),
        form::<PutPushSubscription>(),
    ]
}

impl Form {
    fn properties(&self) -> &Map<String, Value> {
        self.schema["properties"].as_object().unwrap()
    }

    /// Holds the two forms of the rules to each other, and answers with what both say.
    #[track_caller]
    fn agrees_on(&self, body: &Value) -> bool {
        let allowed = self.validator.is_valid(body);
        let is_read = (self.is_read)(body);
        // Of a property's two names one is read, so that the other may be anything.
        let lenient = body.get("displayName").is_some() && body.get("name").is_some();
        let agrees = allowed == is_read || (lenient && is_read);
        assert!(agrees, "{is_read} for {body:.200} {}", self.schema);
        allowed
    }
}

#[test]
fn examples_are_allowed_and_read() {
    for form in forms() {
        assert!(form.agrees_on(&form.example));
    }
}

#[test]
fn what_is_no_object_is_neither() {
    for form in forms() {
        for body in [Value::Null, Value::from(7), Value::from(vec![7])] {
            assert!(!form.agrees_on(&body));
        }
    }
}

#[test]
fn properties_are_as_required_as_they_are_said_to_be() {
    for form in forms() {
        let full = form.example.as_object().unwrap();
        for name in full.keys() {
            let mut less = full.clone();
            less.remove(name);
            form.agrees_on(&less.into());
        }
        form.agrees_on(&Map::new().into());
    }
}

#[test]
fn bounds_are_where_they_are_said_to_be() {
    for form in forms() {
        for (name, property) in form.properties() {
            let candidates = candidates::of(property, &form.schemas).into_iter();
            let (allowed, refused): (Vec<Value>, Vec<Value>) = candidates.partition(|candidate| {
                let mut body = form.example.clone();
                body[name] = candidate.clone();
                form.agrees_on(&body)
            });
            let both = !allowed.is_empty() && !refused.is_empty();
            assert!(both, "{name} of {}", form.schema);
        }
    }
}

#[test]
fn two_properties_are_as_exclusive_as_they_are_said_to_be() {
    for form in forms() {
        for (one, property) in form.properties() {
            for value in some(&form, property) {
                let mut body = form.example.clone();
                body[one] = value;
                agrees_beside(&form, &body);
            }
        }
    }
}

/// Whether or not another property is allowed beside what stands in a body.
fn agrees_beside(form: &Form, body: &Value) {
    for (other, property) in form.properties() {
        for value in some(form, property) {
            let mut body = body.clone();
            body[other] = value;
            form.agrees_on(&body);
        }
    }
}

fn some(form: &Form, property: &Value) -> impl Iterator<Item = Value> {
    candidates::of(property, &form.schemas).into_iter().take(16)
}
