//! The protocol's primitive types: big-endian numbers, texts and arrays with their lengths before them, varints in records.

use super::KafkaError;

/// A request's body, as it grows.
#[derive(Debug, Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn i8(mut self, value: i8) -> Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    pub(super) fn i16(mut self, value: i16) -> Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    pub(super) fn i32(mut self, value: i32) -> Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    pub(super) fn i64(mut self, value: i64) -> Self {
        self.0.extend(value.to_be_bytes());
        self
    }

    /// A text of less than 32 KiB, as names are; what is longer is cut, and then is no name that a broker knows.
    pub(super) fn text(mut self, text: &str) -> Self {
        let length = i16::try_from(text.len()).unwrap_or(i16::MAX);
        self = self.i16(length);
        self.0.extend(text.bytes().take(usize::try_from(length).unwrap_or_default()));
        self
    }

    pub(super) fn null_text(self) -> Self {
        self.i16(-1)
    }

    pub(super) fn array<T>(self, items: &[T], write: impl Fn(Self, &T) -> Self) -> Self {
        let writer = self.i32(i32::try_from(items.len()).unwrap_or(i32::MAX));
        items.iter().fold(writer, write)
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// What is left of an answer.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    what: &'static str,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self { rest: bytes, what }
    }

    pub(super) fn unreadable(&self, problem: impl Into<String>) -> KafkaError {
        KafkaError::Unreadable { what: self.what, problem: problem.into() }
    }

    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], KafkaError> {
        let split = self.rest.split_at_checked(count);
        let (taken, rest) = split.ok_or_else(|| self.unreadable("it ends too soon"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], KafkaError> {
        let taken = self.bytes(N)?;
        Ok(taken.try_into().expect("as many bytes as were asked for"))
    }

    pub(super) fn i8(&mut self) -> Result<i8, KafkaError> {
        self.fixed().map(i8::from_be_bytes)
    }

    pub(super) fn i16(&mut self) -> Result<i16, KafkaError> {
        self.fixed().map(i16::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, KafkaError> {
        self.fixed().map(i32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, KafkaError> {
        self.fixed().map(i64::from_be_bytes)
    }

    /// A text; one that is null is empty.
    pub(super) fn text(&mut self) -> Result<String, KafkaError> {
        let length = usize::try_from(self.i16()?).unwrap_or_default();
        Ok(String::from_utf8_lossy(self.bytes(length)?).into_owned())
    }

    /// Bytes with their length before them; none where that is negative.
    pub(super) fn sized(&mut self) -> Result<&'a [u8], KafkaError> {
        let length = usize::try_from(self.i32()?).unwrap_or_default();
        self.bytes(length)
    }

    /// An array; one that is null is empty.
    pub(super) fn array<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, KafkaError>,
    ) -> Result<Vec<T>, KafkaError> {
        let count = self.i32()?.max(0);
        (0..count).map(|_| read(self)).collect()
    }

    /// A number in zigzag, seven bits a byte.
    pub(super) fn varint(&mut self) -> Result<i64, KafkaError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.fixed::<1>()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
            }
        }
        Err(self.unreadable("a number is longer than 64 bits"))
    }

    /// Bytes with their length as a varint before them; `None` where that is negative.
    pub(super) fn var_sized(&mut self) -> Result<Option<&'a [u8]>, KafkaError> {
        match usize::try_from(self.varint()?) {
            Ok(length) => self.bytes(length).map(Some),
            Err(_) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn what_is_written_is_read_back() {
        let written = Writer::default()
            .i8(-1)
            .i16(2)
            .i32(-3)
            .i64(4)
            .text("ä")
            .null_text()
            .array(&[5, 6], |writer, item| writer.i32(*item))
            .into_bytes();
        let mut reader = Reader::new(&written, "a test");
        assert_eq!(
            (reader.i8(), reader.i16(), reader.i32(), reader.i64()),
            (Ok(-1), Ok(2), Ok(-3), Ok(4))
        );
        assert_eq!((reader.text(), reader.text()), (Ok("ä".into()), Ok(String::new())));
        assert_eq!(reader.array(Reader::i32), Ok(vec![5, 6]));
        assert!(reader.i8().is_err());
    }

    #[test]
    fn a_varint_is_zigzag() {
        let read = |bytes: &[u8]| Reader::new(bytes, "a test").varint();
        assert_eq!((read(&[0]), read(&[1]), read(&[2])), (Ok(0), Ok(-1), Ok(1)));
        assert_eq!(read(&[0xac, 0x02]), Ok(150));
        let (lowest, highest) = (
            read(&[255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
            read(&[254, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
        );
        assert_eq!((lowest, highest), (Ok(i64::MIN), Ok(i64::MAX)));
        assert!(read(&[0x80; 11]).is_err() && read(&[0x80]).is_err());
    }
}
