//! Paths and the methods that they support.

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::guard::{Any, Get, Head, Method as Is};
use actix_web::http::Method;
use actix_web::http::header::ALLOW;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route, web};

/// A path. If it supports GET, it also supports HEAD. OPTIONS returns the methods, and any other
/// method is refused with that list.
pub(crate) struct Place {
    path: &'static str,
    routes: Vec<Route>,
    methods: Vec<Method>,
}

/// A place with this path.
pub(super) fn at(path: &'static str) -> Place {
    Place {
        path,
        routes: Vec::new(),
        methods: vec![Method::OPTIONS],
    }
}

impl Place {
    /// Its path, with parameters in braces.
    #[cfg(test)]
    pub(crate) const fn path(&self) -> &'static str {
        self.path
    }

    /// The methods that it supports.
    #[cfg(test)]
    pub(crate) fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// Handles GET and HEAD.
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

    /// Handles POST.
    pub(super) fn post<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(Method::POST, handler)
    }

    /// Handles PUT.
    pub(super) fn put<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(Method::PUT, handler)
    }

    /// Handles PATCH.
    pub(super) fn patch<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.on(Method::PATCH, handler)
    }

    /// Handles DELETE.
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
                // The problem document is added by `finish`.
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
