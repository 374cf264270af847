using System.Reflection;
using Orleans;
using Orleans.Runtime;
using Vsmtp.Embedded.Activations;

namespace Vsmtp.Embedded.Calls;

/// <summary>What a caller holds of a grain: its calls go to the activation that is there, or to a new one.</summary>
/// <remarks>The runtime derives a class that implements the grain interface from this one, hence not sealed.</remarks>
internal class GrainReference : DispatchProxy, IGrainReference, IEquatable<GrainReference>
{
    private ActivationCatalog _catalog = null!;
    private GrainInterface _interface = null!;
    private string _key = null!;

    public GrainId GrainId => new(_interface.Class.Type, IdSpan.Create(_key));

    /// <summary>One without a key: to make a proxy by reflection costs more than a call, to copy one is next to nothing.</summary>
    public static GrainReference Template<TGrainInterface>(ActivationCatalog catalog, GrainInterface grainInterface)
    {
        var template = (GrainReference)(object)Create<TGrainInterface, GrainReference>()!;
        template._catalog = catalog;
        template._interface = grainInterface;
        return template;
    }

    /// <summary>A reference to the grain with this key, which implements the template's interface.</summary>
    public GrainReference To(string key)
    {
        var copy = (GrainReference)MemberwiseClone();
        copy._key = key;
        return copy;
    }

    public bool Equals(GrainReference? other) => other is not null && other._interface == _interface && other._key == _key;

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => GrainId.ToString();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _catalog.Call(_interface.Class, _key, _interface.MethodOf(targetMethod!), args ?? []);
}
