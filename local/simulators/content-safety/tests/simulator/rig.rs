//! Pictures made in code, and requests as they are published.

use base64::{Engine, engine::general_purpose::STANDARD};
use content_safety::{Options, Simulator, start};
use image::{ImageFormat, Rgb, RgbImage};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use std::io::Cursor;

pub(crate) const SKIN: [u8; 3] = [224, 172, 105];
pub(crate) const RED: [u8; 3] = [230, 10, 10];
pub(crate) const GREEN: [u8; 3] = [20, 120, 40];

/// A picture, green but for the given share in another colour.
pub(crate) fn picture(format: ImageFormat, colour: [u8; 3], percent: u32) -> Vec<u8> {
    let pixels = RgbImage::from_fn(64, 100, |_, y| Rgb(if y < percent { colour } else { GREEN }));
    encoded(&pixels, format)
}

pub(crate) fn encoded(pixels: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    pixels.write_to(&mut file, format).unwrap();
    file.into_inner()
}

pub(crate) fn body_of(picture: &[u8]) -> Value {
    json!({"image": {"content": STANDARD.encode(picture)}, "outputType": "FourSeverityLevels"})
}

pub(crate) struct Rig {
    pub(crate) simulator: Simulator,
    pub(crate) client: Client,
}

impl Rig {
    pub(crate) async fn start() -> Self {
        Self::with(Options::ephemeral()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        // reqwest asks for a TLS implementation even where none is used; the second test of a process finds one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { simulator: start(options).await.unwrap(), client }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.url())
    }

    /// The request as published, to be altered.
    pub(crate) fn analyze(&self, body: &Value) -> RequestBuilder {
        self.client
            .post(self.url("contentsafety/image:analyze?api-version=2024-09-01"))
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    pub(crate) async fn judge(&self, picture: &[u8]) -> (StatusCode, Value) {
        json_of(self.analyze(&body_of(picture)).send().await.unwrap()).await
    }
}

pub(crate) async fn json_of(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}
