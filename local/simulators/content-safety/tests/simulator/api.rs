//! The published API: verdicts, limits and errors.

use crate::rig::{GREEN, RED, Rig, SKIN, body_of, encoded, json_of, picture};
use content_safety::Options;
use image::{ImageFormat, RgbImage};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

fn analysis(sexual: u8, violence: u8) -> Value {
    json!({"categoriesAnalysis": [
        {"category": "Hate", "severity": 0},
        {"category": "SelfHarm", "severity": 0},
        {"category": "Sexual", "severity": sexual},
        {"category": "Violence", "severity": violence},
    ]})
}

#[tokio::test]
async fn a_picture_is_judged_by_the_share_of_its_colours() {
    let rig = Rig::start().await;
    for (colour, percent, expected) in [
        (GREEN, 100, analysis(0, 0)),
        (SKIN, 40, analysis(2, 0)),
        (SKIN, 60, analysis(4, 0)),
        (SKIN, 95, analysis(6, 0)),
        (RED, 70, analysis(0, 4)),
    ] {
        let (status, answer) = rig.judge(&picture(ImageFormat::Png, colour, percent)).await;
        assert_eq!((status.as_u16(), answer), (200, expected), "{colour:?} {percent} %");
    }
}

#[tokio::test]
async fn every_format_that_our_clients_send_is_decoded() {
    let rig = Rig::start().await;
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let (_, answer) = rig.judge(&picture(format, SKIN, 100)).await;
        assert_eq!(answer, analysis(6, 0), "{format:?}");
    }
    let formats: Vec<_> = rig.simulator.judged().iter().map(|judged| judged.format).collect();
    assert_eq!(formats, ["WebP", "GIF", "PNG", "JPEG"]);
}

#[tokio::test]
async fn only_the_categories_asked_for_are_answered() {
    let rig = Rig::start().await;
    let mut body = body_of(&picture(ImageFormat::Png, SKIN, 100));
    body["categories"] = json!(["Violence", "Sexual"]);
    let (_, answer) = json_of(rig.analyze(&body).send().await.unwrap()).await;
    let expected = json!({"categoriesAnalysis": [
        {"category": "Sexual", "severity": 6},
        {"category": "Violence", "severity": 0},
    ]});
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn a_picture_outside_the_limits_is_refused_and_told_which() {
    let rig = Rig::start().await;
    let png = |width, height| encoded(&RgbImage::new(width, height), ImageFormat::Png);
    let whole = picture(ImageFormat::Jpeg, SKIN, 50);
    let half = whole[..whole.len() / 2].to_vec();
    let mut too_large = whole.clone();
    too_large.resize((4 << 20) + 1, 0);
    for (picture, reason) in [
        (Vec::new(), "the image is empty"),
        (too_large, "more than the 4194304 that are allowed"),
        (png(49, 100), "49 x 100 pixels"),
        (png(50, 7201), "50 x 7201 pixels"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "format is not supported"),
        (b"BM: bitmaps are not decoded here".to_vec(), "does not decode BMP and TIFF"),
        (half, "cannot be decoded"),
    ] {
        let (status, answer) = rig.judge(&picture).await;
        assert_eq!(status, 400, "{reason}");
        assert_eq!(answer["error"]["code"], "InvalidRequestBody", "{reason}");
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(message.contains(reason), "{message}");
    }
    assert_eq!(rig.simulator.judged(), []);
}

#[tokio::test]
async fn the_api_version_and_the_content_type_are_checked() {
    let rig = Rig::start().await;
    let body = body_of(&picture(ImageFormat::Png, GREEN, 0)).to_string();
    for (query, content_type, status, code) in [
        ("", "application/json", 400, "MissingApiVersionParameter"),
        ("?api-version=1999-01-01", "application/json", 400, "UnsupportedApiVersionValue"),
        ("?api-version=2024-09-01", "image/png", 415, "UnsupportedMediaType"),
    ] {
        let url = rig.url(&format!("contentsafety/image:analyze{query}"));
        let request = rig.client.post(url).header("content-type", content_type).body(body.clone());
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["x-ms-error-code"], code);
        let (answered, answer) = json_of(response).await;
        assert_eq!((answered.as_u16(), &answer["error"]["code"]), (status, &json!(code)));
    }
}

#[tokio::test]
async fn with_a_key_set_only_its_holders_and_bearers_of_a_token_are_answered() {
    let rig = Rig::with(Options { key: Some("k1".to_owned()), ..Options::ephemeral() }).await;
    let body = body_of(&picture(ImageFormat::Png, GREEN, 0));
    for (header, value, status) in [
        ("ocp-apim-subscription-key", "k1", 200),
        ("ocp-apim-subscription-key", "k2", 401),
        ("authorization", "Bearer token", 200),
        ("x-nothing", "at all", 401),
    ] {
        let response = rig.analyze(&body).header(header, value).send().await.unwrap();
        assert_eq!(response.status(), status, "{header}: {value}");
    }
    let statuses: Vec<_> = rig.simulator.requests_seen().iter().map(|seen| seen.status).collect();
    assert_eq!(statuses, [Some(200), Some(401), Some(200), Some(401)]);
}
