using System.Collections.Frozen;

namespace Vsmtp.Vsl.Library;

/// <summary>The functions that every script has (language §11, appendix A).</summary>
internal static class StandardLibrary
{
    private static readonly FrozenSet<string> Scanning = FrozenSet.Create(
        "contains", "index_of", "starts_with", "ends_with", "split", "split_rev", "replace", "remove", "crop", "sub_string",
        "trim", "to_upper", "to_lower", "make_upper", "make_lower", "to_chars", "chars", "to_blob", "parse_int", "to_string",
        "to_debug", "to_json", "print", "debug", "keys", "values", "extract", "splice", "drain", "retain", "reverse", "sort",
        "dedup", "insert", "shift", "chop", "to_array", "as_string");

    /// <summary>Texts are not stored by character, so that of them these look through the whole.</summary>
    private static readonly FrozenSet<string> ScanningText = FrozenSet.Create("len", "get", "set", "pop", "truncate", "pad");

    public static IReadOnlyList<NativeFunction> Functions { get; } = Build();

    private static IReadOnlyList<NativeFunction> Build()
    {
        var library = new LibraryBuilder();
        GeneralLibrary.AddTo(library);
        StringLibrary.AddTo(library);
        StringEditing.AddTo(library);
        ArrayLibrary.AddTo(library);
        ArrayEditing.AddTo(library);
        ArrayClosures.AddTo(library);
        MapLibrary.AddTo(library);
        NumberLibrary.AddTo(library);
        BlobLibrary.AddTo(library);
        return [.. library.Functions.Select(f => IsScanning(f) ? f with { Scans = true } : f)];
    }

    private static bool IsScanning(NativeFunction function) =>
        Scanning.Contains(function.Name) || (function.Receivers is Kinds.String && ScanningText.Contains(function.Name));
}
