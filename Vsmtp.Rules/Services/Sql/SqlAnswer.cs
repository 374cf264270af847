using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services.Sql;

/// <summary>What a statement gave: rows as maps from columns to values, or a count of changed rows. Rows have a bound.</summary>
internal sealed class SqlAnswer
{
    private const int MaxRows = 10_000;
    private const int MaxBytes = 16 * 1024 * 1024;
    private const int BytesOfRow = 64;
    private const int BytesOfCell = 48;

    private readonly List<Value> _rows = [];

    public IReadOnlyList<Value> Rows => _rows;

    /// <summary>What a script is charged for the rows.</summary>
    public long Bytes { get; private set; }

    public long Changed { get; set; }

    /// <exception cref="SqlFailedException">These are too many rows, or too much in them.</exception>
    public void Add(IReadOnlyList<string> columns, IReadOnlyList<Value> cells)
    {
        Bytes += BytesOfRow + cells.Sum(cell => BytesOfCell + SizeOf(cell));
        if (_rows.Count >= MaxRows) throw new SqlFailedException($"the answer has more than {MaxRows} rows");
        if (Bytes > MaxBytes) throw new SqlFailedException($"the answer has more than {MaxBytes} bytes");
        _rows.Add(new VslMap(columns.Zip(cells, KeyValuePair.Create)));
    }

    private static long SizeOf(in Value cell) => cell.Kind switch
    {
        ValueKind.String => cell.AsString().Length * sizeof(char),
        ValueKind.Blob => cell.AsBlob().Bytes.Length,
        _ => 0,
    };
}
