namespace Vsmtp.Vsl;

/// <summary>Where the compiler reads scripts: a directory, or texts that were stored.</summary>
public interface IScriptFiles
{
    /// <param name="path">'/'-separated, with its extension; relative to the main script's directory, or absolute.</param>
    /// <param name="text">The decoded text, or what is wrong with the file when the result is false (may be empty).</param>
    bool TryRead(string path, out string text);
}
