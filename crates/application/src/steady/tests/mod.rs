mod limits;
mod people;
mod stage;
