//! Servers that support less of the format than others.

use domain::Retry;
use domain::port::summariser::SummariseError;
use servers::{Model, Reply};

use crate::ground::{asking, talk, told};

fn forms(model: &Model) -> Vec<Option<String>> {
    let requests = model.requests();
    let form = |it: &servers::Request| it.format().map(str::to_owned);
    requests.iter().map(form).collect()
}

#[tokio::test]
async fn a_server_without_schemas_is_asked_for_any_object_from_then_on() {
    let model = Model::start();
    model.refuse_format("json_schema");
    let openai = asking(&model);
    told(&openai, &talk()).await.digest();
    told(&openai, &talk()).await.digest();
    let [schema, object] = ["json_schema", "json_object"].map(|it| Some(it.to_owned()));
    assert_eq!(forms(&model), [schema, object.clone(), object]);
}

#[tokio::test]
async fn a_server_without_formats_is_asked_plainly() {
    let model = Model::start();
    model.refuse_format("json_schema");
    model.refuse_format("json_object");
    told(&asking(&model), &talk()).await.digest();
    assert_eq!(forms(&model).last(), Some(&None));
    let plain = model.requests().pop().unwrap();
    assert!(!plain.wants_usage());
    assert!(plain.body.get("max_completion_tokens").is_none());
}

#[tokio::test]
async fn a_server_that_takes_nothing_is_not_asked_for_ever() {
    let model = Model::start();
    model.always(Reply::error(400, "invalid_request"));
    let told = told(&asking(&model), &talk()).await;
    let Err(SummariseError::Failed(failure)) = told.end else {
        panic!("it answers");
    };
    assert_eq!(failure.retry, Retry::Useless);
    assert_eq!(model.requests().len(), 3);
}
