//! The rules, by what they are about. A rule's name is what it asks; its findings say where it is not so.

pub mod checks;
pub mod documents;
pub mod domain;
pub mod functions;
pub mod modules;
pub mod owners;
pub mod shape;
pub mod surroundings;
pub mod teams;
pub mod walls;
