//! What only its keeper opens.

use serde::{Deserialize, Serialize};

/// A secret as it is kept: ciphertext, and the id of the key that opens it. The domain carries it and drops it; what it
/// says is known where it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) id: String,
    pub(crate) wrapped: String,
}
