//! Statements over many rows at once.

use diesel::pg::Pg;
use diesel::query_builder::{QueryFragment, QueryId};

use crate::failure::Broken;
use crate::prelude::*;

/// A statement that [`columnar`] declared.
pub(crate) trait Columnar: QueryFragment<Pg> + QueryId + Send {
    /// The number of rows.
    fn rows(&self) -> usize;
}

/// Runs a statement unless it has no rows, and returns whether it wrote every row.
pub(crate) async fn write(
    mut db: &AsyncPgConnection,
    statement: impl Columnar,
) -> Result<bool, Broken> {
    let rows = statement.rows();
    Ok(rows == 0 || statement.execute(&mut db).await? == rows)
}

/// Declares a statement whose rows are bound as columns: one array per column, all of the same length.
/// Its text therefore does not depend on the number of rows, and a connection prepares it once.
///
/// The arrays appear between the two parts of the text, under the alias `new`.
macro_rules! columnar {
    (
        $(#[$doc:meta])*
        $name:ident {
            $first:ident: $first_sql:ty = $first_value:ty,
            $($column:ident: $sql:ty = $value:ty,)+
        }
        $head:literal, $tail:literal
    ) => {
        $(#[$doc])*
        #[derive(Default, diesel::query_builder::QueryId)]
        pub(crate) struct $name {
            pub(crate) $first: Vec<$first_value>,
            $(pub(crate) $column: Vec<$value>,)+
        }

        impl $crate::columnar::Columnar for $name {
            fn rows(&self) -> usize {
                self.$first.len()
            }
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $name {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                use diesel::sql_types::Array;

                out.push_sql($head);
                out.push_sql(" unnest(");
                out.push_bind_param::<Array<$first_sql>, _>(&self.$first)?;
                $(
                    out.push_sql(", ");
                    out.push_bind_param::<Array<$sql>, _>(&self.$column)?;
                )+
                out.push_sql(concat!(
                    ") AS new (", stringify!($first), $(", ", stringify!($column),)+ ") ", $tail
                ));
                Ok(())
            }
        }
    };
}

pub(crate) use columnar;
