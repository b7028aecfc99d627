interface TableProps {
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** A table whose first column names each row. */
export function Table({ head, rows }: TableProps) {
  return (
    <table className="usage-table">
      <thead>
        <tr>
          {head.map((each) => (
            <th key={each} scope="col">
              {each}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first = '', ...rest], row) => (
          <tr key={row}>
            <th scope="row">{first}</th>
            {rest.map((each, at) => (
              <td key={at}>{each}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
