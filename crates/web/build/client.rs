//! Embeds the web client as it is: every file of its folder, beside itself packed.
//!
//! What it consists of has one name, which changes when any of it does. The files are served beneath that
//! name, so that browsers may keep them for ever, and a page never gets parts of two versions.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

/// The files that are not served beneath the name, because they say what the name is.
const PAGE: &str = "index.html";
/// What works while no page is open, for which its address has to stay the same.
const WORKER: &str = "worker.js";
/// What only those need who work on it.
const NOT_SERVED: [&str; 2] = ["tests", "tsconfig.json"];

/// Writes `client.rs`, which has all of it, and what that refers to.
pub(crate) fn embed(source: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut names = Vec::new();
    collect(source, Path::new(""), &mut names)?;
    names.sort();
    let mut hasher = DefaultHasher::new();
    for name in &names {
        (name, fs::read(source.join(name))?).hash(&mut hasher);
    }
    let version = format!("{:016x}", hasher.finish());
    names.retain(|name| name != PAGE && name != WORKER);
    let page = page(source, &names, &version)?;
    fs::write(folder.join(PAGE), page)?;
    let worker = fs::read_to_string(source.join(WORKER))?;
    let worker = worker.replace("{files}", &format!("/client/{version}"));
    fs::write(folder.join(WORKER), worker)?;

    let packed = folder.join("packed");
    let mut code = format!("const VERSION: &str = \"{version}\";\nconst FILES: &[File] = &[\n");
    for name in &names {
        let plain = text(&fs::canonicalize(source.join(name))?)?;
        let small = packed.join(format!("{}.gz", name.replace('/', ".")));
        pack(plain.as_ref(), &small)?;
        let (kind, small) = (kind(name)?, text(&small)?);
        writeln!(
            code,
            "    File {{ name: {name:?}, kind: {kind:?}, plain: include_bytes!({plain:?}), packed: include_bytes!({small:?}) }},"
        )?;
    }
    code.push_str("];\n");
    fs::write(folder.join("client.rs"), code)?;
    Ok(())
}

/// The names of all files beneath a folder, with `/` between their parts.
fn collect(root: &Path, inner: &Path, names: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(root.join(inner))? {
        let entry = entry?;
        let path: PathBuf = inner.join(entry.file_name());
        let name = text(&path)?;
        if NOT_SERVED.contains(&name.as_str()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(root, &path, names)?;
        } else {
            names.push(name.replace('\\', "/"));
        }
    }
    Ok(())
}

/// The page, which says where its files are, and has the browser fetch all modules at once: each tells of
/// the next only when it is there.
fn page(source: &Path, names: &[String], version: &str) -> Result<String, Box<dyn Error>> {
    let files = format!("/client/{version}");
    let modules = names
        .iter()
        .filter(|name| kind(name).is_ok_and(|kind| kind.starts_with("text/javascript")));
    let preloads: Vec<String> = modules
        .map(|name| format!("<link rel=\"modulepreload\" href=\"{files}/{name}\">"))
        .collect();
    let text = fs::read_to_string(source.join(PAGE))?;
    let text = text.replace("{modules}", &preloads.join("\n"));
    Ok(text.replace("{files}", &files))
}

fn pack(plain: &Path, small: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(small.parent().ok_or("a folder")?)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&fs::read(plain)?)?;
    fs::write(small, encoder.finish()?)?;
    Ok(())
}

fn text(path: &Path) -> Result<String, String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| format!("{} is no text", path.display()))
}

fn kind(name: &str) -> Result<&'static str, String> {
    match name.rsplit('.').next() {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        _ => Err(format!("what is {name}?")),
    }
}
