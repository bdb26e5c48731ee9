/** Whole ids of traces by a part of them, for whoever has only that: a terminal has no room for all of one. */

/** The ends of an id, in code points; an empty one fits every id. */
export interface IdPart {
  prefix: string;
  suffix: string;
}

export interface IdSearch extends IdPart {
  /** Of traces that began in [from, to), ms; null: no bound. */
  from: number | null;
  to: number | null;
}

export interface FoundId {
  id: string;
  label: string | null;
  startedAt: number;
}

export interface FoundIds {
  /** The latest start first. */
  items: FoundId[];
  /** Others that were looked at fit, too. */
  more: boolean;
  /** How many traces were looked at: those of the time asked for that began last. */
  looked: number;
  /** Whether these are all there are of that time. */
  complete: boolean;
  /** When the first of them began; null where there are none. */
  lookedFrom: number | null;
}
