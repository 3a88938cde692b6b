//! Addresses, and to which methods they answer.

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::guard::{Any, Get, Head, Method as Is};
use actix_web::http::Method;
use actix_web::http::header::ALLOW;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route, web};

/// An address. Whatever reads also answers to HEAD, OPTIONS is told the methods, and every other
/// method is too, with a refusal.
pub(crate) struct Place {
    path: &'static str,
    routes: Vec<Route>,
    methods: Vec<Method>,
}

/// The address with this path.
pub(super) fn at(path: &'static str) -> Place {
    Place {
        path,
        routes: Vec::new(),
        methods: vec![Method::OPTIONS],
    }
}

impl Place {
    /// Its path, with names in braces where anything may stand.
    #[cfg(test)]
    pub(crate) const fn path(&self) -> &'static str {
        self.path
    }

    /// To which methods it answers.
    #[cfg(test)]
    pub(crate) fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// Answers to GET and HEAD.
    pub(super) fn get<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.methods.extend([Method::GET, Method::HEAD]);
        let route = web::route().guard(Any(Get()).or(Head())).to(handler);
        self.routes.push(route);
        self
    }

    /// Answers to POST.
    pub(super) fn post<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(Method::POST, handler)
    }

    /// Answers to PUT.
    pub(super) fn put<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(Method::PUT, handler)
    }

    /// Answers to PATCH.
    pub(super) fn patch<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(Method::PATCH, handler)
    }

    /// Answers to DELETE.
    pub(super) fn delete<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(Method::DELETE, handler)
    }

    fn on<F, Args>(mut self, method: Method, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = web::route().guard(Is(method.clone())).to(handler);
        self.methods.push(method);
        self.routes.push(route);
        self
    }
}

impl HttpServiceFactory for Place {
    fn register(self, config: &mut AppService) {
        let names: Vec<&str> = self.methods.iter().map(Method::as_str).collect();
        let allow = names.join(", ");
        let otherwise = move |method: Method| {
            let mut response = if method == Method::OPTIONS {
                HttpResponse::NoContent()
            } else {
                // Its words are added on the way out.
                HttpResponse::MethodNotAllowed()
            };
            let answer = response.insert_header((ALLOW, allow.clone())).finish();
            async move { answer }
        };
        let routes = self.routes.into_iter();
        routes
            .fold(web::resource(self.path), Resource::route)
            .default_service(web::to(otherwise))
            .register(config);
    }
}
