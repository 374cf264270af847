using System.Globalization;
using System.Runtime.CompilerServices;

namespace Vsmtp.Vsl.Evaluation;

/// <summary>Puts texts together.</summary>
internal static class Texts
{
    private const int MaxDigits = 20;
    private const int OnStack = 256;

    /// <summary>The texts of some values in one, paid for before it is made.</summary>
    public static Completion Join(ReadOnlySpan<Value> values, Budget budget)
    {
        var length = 0L;
        foreach (ref readonly var value in values)
            length += value.TryAsString(out var text) ? text.Length : MaxDigits;
        if (budget.ChargeBytes(sizeof(char) * length) is { } spent) return Completion.Fail(spent);
        var joined = new DefaultInterpolatedStringHandler(0, values.Length, CultureInfo.InvariantCulture, stackalloc char[OnStack]);
        foreach (ref readonly var value in values)
        {
            if (value.TryAsString(out var text)) joined.AppendLiteral(text);
            else if (value.TryAsInteger(out var number)) joined.AppendFormatted(number);
            else if (Append(value, ref joined, budget) is { } expensive) return Completion.Fail(expensive);
        }

        return joined.ToStringAndClear();
    }

    private static ScriptError? Append(in Value value, ref DefaultInterpolatedStringHandler joined, Budget budget)
    {
        var text = value.ToText();
        if (budget.ChargeBytes(sizeof(char) * (long)text.Length) is { } spent) return spent;
        joined.AppendLiteral(text);
        return null;
    }
}
