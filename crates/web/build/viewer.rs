//! Extracts the viewer of the OpenAPI document from the archive that its crate consists of, so that
//! the binary contains it and nothing is fetched from elsewhere.

use std::borrow::Cow;
use std::error::Error;
use std::fs;
use std::io::{Cursor, Read, Seek, copy};
use std::path::Path;

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// The files that the page uses; the rest of the archive is not needed.
const PARTS: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

/// Extracts the files into a folder.
pub(crate) fn unpack(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    for part in PARTS {
        let name = full_name(&archive, part)?;
        let mut file = fs::File::create(folder.join(part))?;
        copy(&mut archive.by_name(&name)?, &mut file)?;
    }
    Ok(())
}

/// The full path of a file in the archive, whose top folder has the viewer's version in its name.
fn full_name<R: Read + Seek>(archive: &ZipArchive<R>, part: &str) -> Result<String, String> {
    let suffix = format!("/dist/{part}");
    let mut names = archive.file_names().filter_map(Result::ok);
    let name = names.find(|name| name.ends_with(&suffix));
    name.map(Cow::into_owned)
        .ok_or_else(|| format!("no {part} in the archive"))
}
