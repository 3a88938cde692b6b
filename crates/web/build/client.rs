//! Embeds the web client: every file of its folder as it is, each also gzip-compressed.
//!
//! The files are served below a path that contains a hash of all of them. Browsers may therefore
//! cache them forever, and a page never mixes files of two versions.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Not served below the versioned path, because it is what refers to that path.
const PAGE: &str = "index.html";
/// The service worker, whose URL has to stay the same across versions.
const WORKER: &str = "worker.js";
/// Only needed for developing the client.
const NOT_SERVED: [&str; 2] = ["tests", "tsconfig.json"];

/// Writes `client.rs`, which lists all files, and the files that it includes.
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

/// The paths of all files in a folder and its subfolders, with `/` as the separator.
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

/// The page, with the path of its files filled in. It preloads all modules at once; otherwise the
/// browser would discover each of them only after loading the one that imports it.
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
    fs::create_dir_all(small.parent().ok_or("the path has no parent folder")?)?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&fs::read(plain)?)?;
    fs::write(small, encoder.finish()?)?;
    Ok(())
}

fn text(path: &Path) -> Result<String, String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| format!("{} is not UTF-8", path.display()))
}

fn kind(name: &str) -> Result<&'static str, String> {
    match name.rsplit('.').next() {
        Some("css") => Ok("text/css; charset=utf-8"),
        Some("js") => Ok("text/javascript; charset=utf-8"),
        Some("svg") => Ok("image/svg+xml"),
        _ => Err(format!("unknown content type of {name}")),
    }
}
