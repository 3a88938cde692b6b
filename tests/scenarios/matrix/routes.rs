//! Checks that the tables contain every route of the server, and no others.

use std::collections::BTreeSet;

use acceptance::{World, scenarios};
use reqwest::Method;
use serde_json::{Value, json};

use super::form;
use super::table::{Request, answers};

scenarios![alone; the_tables_have_every_route];

/// A route of the server's OpenAPI document.
pub(super) struct Route {
    method: Method,
    template: String,
    takes_a_body: bool,
}

impl Route {
    /// Whether a request of the table matches this route; the names of parameters may differ.
    fn fits(&self, request: &Request) -> bool {
        let path = request.path.split('?').next().unwrap();
        let (ours, theirs) = (path.split('/'), self.template.split('/'));
        self.method == request.method
            && ours.clone().count() == theirs.clone().count()
            && ours
                .zip(theirs)
                .all(|(ours, theirs)| ours == theirs || theirs.starts_with('{'))
    }

    fn fixed_pieces(&self) -> usize {
        let pieces = self.template.split('/');
        pieces.filter(|piece| !piece.starts_with('{')).count()
    }

    fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }
}

async fn documented(world: &World) -> Vec<Route> {
    let document = world.visitor().get("/openapi.json").await.expect(200);
    let mut routes = Vec::new();
    for (template, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            // A path may also have properties common to its methods.
            let known = ["get", "put", "post", "delete", "patch"];
            if known.contains(&method.as_str()) {
                routes.push(Route {
                    method: method.to_uppercase().parse().unwrap(),
                    template: template.clone(),
                    // Uploads cannot be expressed in the table: see media::forms. Routes for administrators
                    // do not exist for others, whatever they send: see webhooks and vouching.
                    takes_a_body: operation["requestBody"]["content"]["application/json"]
                        != Value::Null
                        && operation["security"] != json!([{ "adminToken": [] }]),
                });
            }
        }
    }
    routes
}

/// The route of a request: if several match, the most specific one.
fn route<'a>(routes: &'a [Route], request: &Request) -> &'a Route {
    let fitting = routes.iter().filter(|route| route.fits(request));
    fitting
        .max_by_key(|route| route.fixed_pieces())
        .unwrap_or_else(|| {
            panic!(
                "{} {} is in a table, but nowhere in the document",
                request.method, request.path
            )
        })
}

async fn the_tables_have_every_route(world: &mut World) {
    let routes = documented(world).await;
    let mut played: Vec<BTreeSet<String>> = Vec::new();
    for section in answers() {
        let requests = section.rows.iter().map(|row| &row.request);
        played.push(
            requests
                .map(|request| route(&routes, request).name())
                .collect(),
        );
    }
    let [anywhere, rooms @ ..] = played.as_slice() else {
        panic!("there is no table");
    };
    let all: BTreeSet<String> = routes.iter().map(Route::name).collect();
    for (rest, place) in rooms.iter().zip(["public", "private", "direct"]) {
        let missing: Vec<&String> = all
            .iter()
            .filter(|route| !anywhere.contains(*route) && !rest.contains(*route))
            .collect();
        assert!(
            missing.is_empty(),
            "nobody tries these in a {place} room: {missing:#?}"
        );
    }

    let with_bodies = routes.iter().filter(|route| route.takes_a_body);
    let with_bodies: BTreeSet<String> = with_bodies.map(Route::name).collect();
    let checked = form::bodies();
    let checked: BTreeSet<String> = checked
        .iter()
        .map(|request| route(&routes, request).name())
        .collect();
    assert_eq!(
        checked, with_bodies,
        "those that forms.txt has, and those that take a body"
    );
}
