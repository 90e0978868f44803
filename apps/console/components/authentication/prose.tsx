import { Fragment } from 'react';

/** A description of the API's schema: text, with what stands between backticks as code. */
export const Prose = ({ text }: { readonly text: string }) =>
  text.split('`').map((part, index) =>
    index % 2 === 0 ? (
      <Fragment key={index}>{part}</Fragment>
    ) : (
      <code key={index} className="break-words">
        {part}
      </code>
    ),
  );
