//! Puts into the binary what browsers are shown, so that nothing is fetched from elsewhere.

mod client;
mod viewer;

use std::env;
use std::error::Error;
use std::path::PathBuf;

#[expect(
    clippy::print_stdout,
    reason = "it is how a build script talks to cargo"
)]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=client");
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo says where to write")?);
    viewer::unpack(&folder)?;
    client::embed("client".as_ref(), &folder)
}
