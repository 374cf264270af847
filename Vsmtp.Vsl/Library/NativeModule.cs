using System.Collections.Frozen;

namespace Vsmtp.Vsl.Library;

/// <summary>Functions and constants of the host, by name.</summary>
internal sealed class NativeModule
{
    private readonly FrozenDictionary<(string Name, int Count), OverloadSet> _functions;
    private readonly FrozenDictionary<string, Value> _constants;

    public NativeModule(IEnumerable<NativeFunction> functions, IReadOnlyDictionary<string, Value> constants)
    {
        _functions = functions.GroupBy(f => (f.Name, f.ParameterCount))
            .ToFrozenDictionary(g => g.Key, g => new OverloadSet(g.Key.Name, g));
        _constants = constants.ToFrozenDictionary();
        FunctionNames = _functions.Keys.Select(k => k.Name).ToFrozenSet();
        ConstantNames = [.. _constants.Keys];
    }

    public FrozenSet<string> FunctionNames { get; }

    public IReadOnlyList<string> ConstantNames { get; }

    public OverloadSet? Find(string name, int count) =>
        _functions.GetValueOrDefault((name, count)) ?? _functions.GetValueOrDefault((name, NativeFunction.AnyCount));

    public bool TryGetConstant(string name, out Value value) => _constants.TryGetValue(name, out value);

    /// <summary>Parameter counts with which a name exists, ascending.</summary>
    public IEnumerable<int> CountsOf(string name) => _functions.Keys.Where(k => k.Name == name).Select(k => k.Count).Order();
}
