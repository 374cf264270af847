using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vsmtp.Cli.Explaining;

/// <summary>An explanation for programs. Names in camel case; what is null is written, so that every key is always there.</summary>
internal static class ExplanationJson
{
    /// <summary>Quotes and the like as they are: nobody puts this into a page.</summary>
    private static readonly ExplanationContext Readable =
        new(new JsonSerializerOptions(ExplanationContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static void Write(TextWriter output, Explanation explanation) =>
        output.WriteLine(JsonSerializer.Serialize(explanation, Readable.Explanation));
}

[JsonSerializable(typeof(Explanation))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ExplanationContext : JsonSerializerContext;
