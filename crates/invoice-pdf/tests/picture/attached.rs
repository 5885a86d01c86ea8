//! A picture is a PDF/A-3 that carries the invoice as data.

use invoice::ubl;
use lopdf::Object;

use crate::{
    reader::Picture,
    samples::{all, fonts, picture},
};

#[test]
fn the_ubl_is_attached_as_an_alternative_and_comes_back_byte_for_byte() {
    let fonts = fonts().unwrap();
    for (name, invoice) in all().unwrap() {
        let read = Picture::of(&picture(&invoice, &fonts).unwrap()).document;
        let files = read.catalog().unwrap().get_deref(b"AF", &read).unwrap().as_array().unwrap();
        assert_eq!(files.len(), 1, "{name}");
        let file = read.dereference(&files[0]).unwrap().1.as_dict().unwrap();
        assert_eq!(file.get(b"AFRelationship").unwrap().as_name().unwrap(), b"Alternative");
        let path = file.get(b"F").unwrap().as_str().unwrap();
        assert_eq!(String::from_utf8_lossy(path), format!("{}.xml", invoice.number()));
        let data = file.get(b"EF").unwrap().as_dict().unwrap();
        let data = data.get_deref(b"F", &read).unwrap().as_stream().unwrap();
        assert_eq!(data.decompressed_content().unwrap(), ubl::write(&invoice).unwrap(), "{name}");
    }
}

#[test]
fn it_says_that_it_is_a_pdf_a_3u_of_the_day_of_the_invoice() {
    let (_, invoice) = all().unwrap().swap_remove(0);
    let read = Picture::of(&picture(&invoice, &fonts().unwrap()).unwrap()).document;
    let catalog = read.catalog().unwrap();
    let metadata = catalog.get_deref(b"Metadata", &read).unwrap().as_stream().unwrap();
    let metadata = String::from_utf8(metadata.content.clone()).unwrap();
    for said in
        ["<pdfaid:part>3<", "<pdfaid:conformance>U<", "<xmp:CreateDate>2026-12-01T00:00:00+00:00<"]
    {
        assert!(metadata.contains(said), "{said}: {metadata}");
    }
    assert!(matches!(catalog.get(b"OutputIntents"), Ok(Object::Array(_) | Object::Reference(_))));
}

#[test]
fn without_its_ubl_it_is_a_picture_all_the_same() {
    let (_, invoice) = all().unwrap().swap_remove(0);
    let pdf = invoice_pdf::render(&invoice, &fonts().unwrap(), None).unwrap();
    let read = Picture::of(&pdf).document;
    assert!(read.catalog().unwrap().get(b"AF").is_err());
}
