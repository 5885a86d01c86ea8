//! A static binary has the allocator of musl, which is small and careful, and took a quarter of all instructions of a
//! request. Where another libc is linked, its own is good enough.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
