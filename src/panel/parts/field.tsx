/** A field of a form with what is wrong in it, told where it is. */

interface Props {
  name: string;
  words: string;
  value?: string;
  hint?: string | undefined;
  problem?: string | null | undefined;
  type?: 'text' | 'url' | 'password';
  required?: boolean;
  size?: number;
  most?: number;
}

export function Field({
  name,
  words,
  value = '',
  hint,
  problem = null,
  type = 'text',
  required = false,
  size = 24,
  most,
}: Props) {
  const described = [hint ? `${name}-hint` : '', problem ? `${name}-problem` : ''].filter(Boolean);
  return (
    <div class="field">
      <label for={`${name}-field`}>
        <span>{words}</span>
      </label>
      {hint && (
        <div id={`${name}-hint`} class="soft small">
          {hint}
        </div>
      )}
      <input
        id={`${name}-field`}
        name={name}
        type={type}
        value={value}
        size={size}
        maxlength={most}
        required={required}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={described.length > 0 ? described.join(' ') : undefined}
      />
      {problem && (
        <div id={`${name}-problem`} class="error small">
          {words}: {problem}
        </div>
      )}
    </div>
  );
}
