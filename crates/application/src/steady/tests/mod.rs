mod cached;
mod limits;
mod people;
mod stage;
