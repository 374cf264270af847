using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Vsmtp.Vsl.Values;

/// <summary>The two text forms of a value: plain for people, debug as source would write it.</summary>
internal static class ValueText
{
    /// <summary>Longest debug text: lists that share their parts can be exponentially large to print.</summary>
    private const int MaxDebugChars = 1_000_000;

    public static string Plain(in Value value) => value.Kind switch
    {
        ValueKind.Unit => "",
        ValueKind.String => value.AsString(),
        ValueKind.Character => value.AsCharacter().ToString(),
        ValueKind.Host => value.AsHost().ToText(),
        _ => Debug(value),
    };

    public static string Debug(in Value value)
    {
        var output = new StringBuilder();
        AppendDebug(output, value);
        return output.ToString();
    }

    private static void AppendDebug(StringBuilder output, in Value value)
    {
        if (output.Length > MaxDebugChars || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            output.Append('…');
            return;
        }

        switch (value.Kind)
        {
            case ValueKind.Unit: output.Append("()"); break;
            case ValueKind.Boolean: output.Append(value.AsBoolean() ? "true" : "false"); break;
            case ValueKind.Integer: output.Append(value.AsInteger()); break;
            case ValueKind.Float: output.Append(Float(value.AsFloat())); break;
            case ValueKind.Character: AppendQuoted(output, value.AsCharacter().ToString(), '\''); break;
            case ValueKind.String: AppendQuoted(output, value.AsString(), '"'); break;
            case ValueKind.Array: AppendArray(output, value.AsArray()); break;
            case ValueKind.Map: AppendMap(output, value.AsMap()); break;
            case ValueKind.Blob: output.Append($"[{Convert.ToHexStringLower(value.AsBlob().Bytes.Span)}]"); break;
            case ValueKind.Range: AppendRange(output, value.AsRange()); break;
            case ValueKind.Timestamp: output.Append("<timestamp>"); break;
            case ValueKind.Function: output.Append("Fn(").Append(value.AsFunction().Name).Append(')'); break;
            case ValueKind.Host: output.Append(value.AsHost().ToDebug()); break;
        }
    }

    /// <summary>Shortest text that reads back as the same number; a whole number keeps its <c>.0</c>.</summary>
    private static string Float(double number)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        var text = number.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e").Replace('E', 'e');
        // .NET writes two digits of the exponent at least: 1.5E-07.
        if (text.IndexOf('e') is > 0 and var at)
            return string.Concat(text.AsSpan(0, at), text[at + 1] == '-' ? "e-" : "e", text.AsSpan(at + 1).TrimStart("-0"));
        return text.Contains('.') ? text : text + ".0";
    }

    private static void AppendQuoted(StringBuilder output, string text, char quote)
    {
        output.Append(quote);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => output.Append(@"\\"),
                '\t' => output.Append(@"\t"),
                '\r' => output.Append(@"\r"),
                '\n' => output.Append(@"\n"),
                _ when c == quote => output.Append('\\').Append(c),
                < ' ' or '\x7f' => output.Append(@"\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)),
                _ => output.Append(c),
            };
        }

        output.Append(quote);
    }

    private static void AppendArray(StringBuilder output, VslArray array)
    {
        output.Append('[');
        for (var i = 0; i < array.Count && output.Length <= MaxDebugChars; i++)
        {
            if (i > 0) output.Append(", ");
            AppendDebug(output, array.Span[i]);
        }

        output.Append(']');
    }

    private static void AppendMap(StringBuilder output, VslMap map)
    {
        output.Append("#{");
        for (var i = 0; i < map.Count && output.Length <= MaxDebugChars; i++)
        {
            if (i > 0) output.Append(", ");
            AppendQuoted(output, map.KeyAt(i), '"');
            output.Append(": ");
            AppendDebug(output, map.At(i));
        }

        output.Append('}');
    }

    private static void AppendRange(StringBuilder output, VslRange range)
    {
        output.Append(range.Start).Append(range.IsInclusive ? "..=" : "..").Append(range.End);
        if (range.Step != 1) output.Append(" step ").Append(range.Step);
    }
}
