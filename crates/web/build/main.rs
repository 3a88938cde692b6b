//! Embeds everything that browsers are served into the binary, so that nothing is fetched from
//! elsewhere.

mod client;
mod viewer;

use std::env;
use std::error::Error;
use std::path::PathBuf;

#[expect(clippy::print_stdout, reason = "build scripts talk to cargo on stdout")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=client");
    let folder = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    viewer::unpack(&folder)?;
    client::embed("client".as_ref(), &folder)
}
