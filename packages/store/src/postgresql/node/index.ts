export { takePlace, type PlaceOptions } from './place.ts';
export { moveJournal, type Moved } from './move-journal.ts';
