using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vsmtp.Vsl.Values;

/// <summary>Values as JSON (RFC 8259): unit and what JSON cannot hold is <c>null</c>, host objects are their text.</summary>
internal static class JsonText
{
    /// <summary>Longest text: lists that share their parts can be exponentially large to print.</summary>
    private const int MaxChars = 4_000_000;

    public static string Of(in Value value)
    {
        var output = new StringBuilder();
        Append(output, value);
        return output.ToString();
    }

    private static void Append(StringBuilder output, in Value value)
    {
        if (output.Length > MaxChars || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            output.Append("null");
            return;
        }

        switch (value.Kind)
        {
            case ValueKind.Boolean: output.Append(value.AsBoolean() ? "true" : "false"); break;
            case ValueKind.Integer: output.Append(value.AsInteger()); break;
            case ValueKind.Float when double.IsFinite(value.AsFloat()):
                output.Append(value.AsFloat().ToString("R", CultureInfo.InvariantCulture));
                break;
            case ValueKind.String or ValueKind.Character or ValueKind.Host: AppendString(output, value.ToText()); break;
            case ValueKind.Array: AppendArray(output, value.AsArray()); break;
            case ValueKind.Map: AppendMap(output, value.AsMap()); break;
            default: output.Append("null"); break;
        }
    }

    private static void AppendString(StringBuilder output, string text) =>
        output.Append('"').Append(JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value).Append('"');

    private static void AppendArray(StringBuilder output, VslArray array)
    {
        output.Append('[');
        for (var i = 0; i < array.Count && output.Length <= MaxChars; i++)
        {
            if (i > 0) output.Append(',');
            Append(output, array.Span[i]);
        }

        output.Append(']');
    }

    private static void AppendMap(StringBuilder output, VslMap map)
    {
        output.Append('{');
        for (var i = 0; i < map.Count && output.Length <= MaxChars; i++)
        {
            if (i > 0) output.Append(',');
            AppendString(output, map.KeyAt(i));
            output.Append(':');
            Append(output, map.At(i));
        }

        output.Append('}');
    }
}
