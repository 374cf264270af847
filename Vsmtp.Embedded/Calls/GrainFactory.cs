using System.Collections.Concurrent;
using Orleans;
using Vsmtp.Embedded.Activations;
using Vsmtp.Embedded.Classes;

namespace Vsmtp.Embedded.Calls;

/// <summary>Makes references to grains of this process.</summary>
internal sealed class GrainFactory(GrainClasses classes, ActivationCatalog catalog, IServiceProvider services) : IClusterClient
{
    private readonly ConcurrentDictionary<(Type Interface, string? Prefix), GrainReference> _templates = new();

    public IServiceProvider ServiceProvider => services;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => Reference<TGrainInterface>(primaryKey.ToString("N"), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => Reference<TGrainInterface>(primaryKey.ToString("X"), grainClassNamePrefix);

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        return Reference<TGrainInterface>(primaryKey, grainClassNamePrefix);
    }

    private TGrainInterface Reference<TGrainInterface>(string primaryKey, string? grainClassNamePrefix) =>
        (TGrainInterface)(object)_templates.GetOrAdd((typeof(TGrainInterface), grainClassNamePrefix), Template<TGrainInterface>).To(primaryKey);

    private GrainReference Template<TGrainInterface>((Type Interface, string? Prefix) asked) => GrainReference.Template<TGrainInterface>(
        catalog, new GrainInterface(asked.Interface, classes.Implementing(asked.Interface, asked.Prefix)));
}
