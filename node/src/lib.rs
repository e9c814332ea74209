//! x

pub mod gazetteer;
pub mod net;
