namespace Vsmtp.Vsl;

/// <summary>From source texts to a <see cref="Script"/>.</summary>
public static class ScriptCompiler
{
    /// <summary>Loads the main script and all its imports, and reports everything that is wrong with them at once.</summary>
    /// <param name="mainPath">Path for <paramref name="files"/>; imports are relative to its directory.</param>
    public static CompileResult Compile(IScriptFiles files, string mainPath, ScriptHost host, CompileOptions? options = null) =>
        throw new NotImplementedException();
}
