using Vsmtp.Vsl.Evaluation;

namespace Vsmtp.Vsl.Library;

/// <summary>
/// A clamped stretch of a text or list: <c>(start)</c>, <c>(start, len)</c> or <c>(range)</c> (language appendix A).
/// </summary>
internal readonly record struct Selection(int Start, int Length)
{
    public int End => Start + Length;

    /// <param name="arguments">One or two values; others are refused.</param>
    /// <param name="count">Size of what is selected from.</param>
    public static bool TryRead(
        Caller caller, ReadOnlySpan<Value> arguments, int count, out Selection selection, out Completion error)
    {
        selection = default;
        error = Completion.Unit;
        if (arguments[0].Kind is ValueKind.Range)
        {
            selection = OfRange(arguments[0].AsRange(), count);
            return true;
        }

        var length = (long)count;
        if (!arguments[0].TryAsInteger(out var start)) error = caller.WrongType(arguments[0], "i64");
        else if (arguments.Length > 1 && !arguments[1].TryAsInteger(out length)) error = caller.WrongType(arguments[1], "i64");
        if (!error.IsValue) return false;
        var from = Indexing.Clamp(start, count);
        selection = new Selection(from, (int)Math.Clamp(length, 0, count - from));
        return true;
    }

    private static Selection OfRange(VslRange range, int count)
    {
        var from = (int)Math.Clamp(range.Start, 0, count);
        var end = range.IsInclusive && range.End < long.MaxValue ? range.End + 1 : range.End;
        var to = (int)Math.Clamp(end, from, count);
        return new Selection(from, to - from);
    }
}
