namespace Vsmtp.Vsl.Library;

/// <summary>The functions that every script has (language §11, appendix A).</summary>
internal static class StandardLibrary
{
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
        return library.Functions;
    }
}
