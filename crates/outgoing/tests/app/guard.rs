//! Strangers' URLs, up to the connection.

use crate::{
    server::{Reply, Server},
    tries::{HASTY, client},
};
use futures::future::BoxFuture;
use outgoing::{Client, Guard, GuardError, Limits, LookUp, Reason, Request, StatusCode, Url};
use pretty_assertions::assert_eq;
use std::{
    io,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Stands for an address of the public Internet: the guard is told to let it through.
const PUBLIC: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));
const PRIVATE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 1));

/// Answers each question with the next list of addresses; the last is for all that follow.
#[derive(Clone)]
struct Names {
    answers: Vec<Vec<IpAddr>>,
    asked: Arc<AtomicUsize>,
}

impl Names {
    fn answering(answers: impl Into<Vec<Vec<IpAddr>>>) -> Self {
        Self { answers: answers.into(), asked: Arc::default() }
    }
}

impl LookUp for Names {
    fn look_up(&self, _name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let nth = self.asked.fetch_add(1, Ordering::SeqCst).min(self.answers.len() - 1);
        let answer = self.answers[nth].clone();
        Box::pin(async move { Ok(answer) })
    }
}

fn guarded(port: u16, names: &Names, limits: Limits) -> Client {
    let guard = Guard::public_https()
        .allowing_plain_http()
        .allowing_ports([port])
        .allowing_addresses([PUBLIC])
        .looking_up_with(names.clone());
    client(limits).guarded_by(guard)
}

fn named(port: u16) -> Request {
    let url: Url = format!("http://hooks.partner.example:{port}/secret?token=1").parse().unwrap();
    Request::get(url)
}

const REFUSED: Reason = Reason::Refused(GuardError::NotPublic);

#[tokio::test]
async fn a_name_that_changes_its_mind_after_the_first_call_is_not_called_again() {
    let public = Server::start_at(PUBLIC, 0, [Reply::ok("{}")]).await;
    let private = Server::start_at(PRIVATE, public.port, [Reply::ok("{}")]).await;
    let names = Names::answering([vec![PUBLIC], vec![PRIVATE]]);
    let client = guarded(public.port, &names, HASTY);
    let answer = client.call(&named(public.port)).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let asked = names.asked.load(Ordering::SeqCst);
    assert_eq!(asked, 1, "what was checked is what was connected to: the name was asked once");
    let error = client.call(&named(public.port)).await.unwrap_err();
    assert_eq!(error.reason(), &REFUSED);
    assert_eq!(
        error.to_string(),
        "calling the bank: must name a host on the public Internet",
        "and neither the URL nor the address is told"
    );
    assert_eq!((public.requests(), private.requests()), (1, 0));
}

#[tokio::test]
async fn one_private_address_among_public_ones_is_enough() {
    let public = Server::start_at(PUBLIC, 0, [Reply::ok("{}")]).await;
    for answer in [vec![PUBLIC, PRIVATE], vec![PRIVATE, PUBLIC]] {
        let client = guarded(public.port, &Names::answering([answer]), HASTY);
        assert_eq!(client.call(&named(public.port)).await.unwrap_err().reason(), &REFUSED);
    }
    assert_eq!(public.requests(), 0);
}

#[tokio::test]
async fn each_redirect_is_checked_again() {
    let names = Names::answering([vec![PUBLIC]]);
    for (to, refused) in [
        ("http://127.0.0.1:PORT/", GuardError::NotPublic),
        ("http://169.254.169.254/metadata/instance", GuardError::NotPublic),
        ("http://0x7f.1:PORT/", GuardError::OddAddress),
        ("//[::1]/", GuardError::NotPublic),
        ("http://hooks.partner.example:1/", GuardError::Port(1)),
        ("http://a@hooks.partner.example/", GuardError::UserInfo),
        ("file:///etc/passwd", GuardError::NotHttps),
    ] {
        // The port of the private server is not known before it listens: it listens first.
        let private = Server::start_at(PRIVATE, 0, [Reply::ok("{}")]).await;
        let to = format!("location: {}", to.replace("PORT", &private.port.to_string()));
        let public = Server::start_at(PUBLIC, private.port, [Reply::with(302, &to)]).await;
        let client = guarded(public.port, &names, Limits { redirects: 3, ..HASTY });
        let error = client.call(&named(public.port)).await.unwrap_err();
        assert_eq!(error.reason(), &Reason::Refused(refused), "{to}");
        assert_eq!((public.requests(), private.requests()), (1, 0), "{to}");
    }
}

#[tokio::test]
async fn a_redirect_to_a_name_that_resolves_to_a_private_address_is_not_followed() {
    let private = Server::start_at(PRIVATE, 0, [Reply::ok("{}")]).await;
    let port = private.port;
    let to = format!("location: http://other.example:{port}/");
    let public = Server::start_at(PUBLIC, port, [Reply::with(302, &to)]).await;
    let names = Names::answering([vec![PUBLIC], vec![PRIVATE]]);
    let client = guarded(port, &names, Limits { redirects: 3, ..HASTY });
    assert_eq!(client.call(&named(port)).await.unwrap_err().reason(), &REFUSED);
    assert_eq!((public.requests(), private.requests()), (1, 0));
}

#[tokio::test]
async fn an_address_in_the_url_is_checked_without_any_resolver() {
    let private = Server::start([Reply::ok("{}")]).await;
    let names = Names::answering([vec![PUBLIC]]);
    let client = guarded(private.port, &names, HASTY);
    let error = client.call(&Request::get(private.url("/"))).await.unwrap_err();
    assert_eq!(error.reason(), &REFUSED);
    assert_eq!((private.requests(), names.asked.load(Ordering::SeqCst)), (0, 0));
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_unreachable_and_not_refused() {
    struct Nobody;
    impl LookUp for Nobody {
        fn look_up(&self, _name: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
            Box::pin(async { Err(io::Error::other("no such name")) })
        }
    }
    let guard = Guard::public_https().looking_up_with(Nobody);
    let client = client(Limits { tries: 1, ..HASTY }).guarded_by(guard);
    let request = Request::get("https://nobody.example/".parse().unwrap());
    assert_eq!(client.call(&request).await.unwrap_err().reason(), &Reason::Unreachable);
}
