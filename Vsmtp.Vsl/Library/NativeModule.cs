namespace Vsmtp.Vsl.Library;

/// <summary>Functions and constants of the host, by name.</summary>
internal sealed class NativeModule(IReadOnlyList<NativeFunction> functions, IReadOnlyDictionary<string, Value> constants)
{
    public IReadOnlyList<NativeFunction> Functions { get; } = functions;

    public IReadOnlyDictionary<string, Value> Constants { get; } = constants;
}
