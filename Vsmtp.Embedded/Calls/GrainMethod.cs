using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Concurrency;

namespace Vsmtp.Embedded.Calls;

/// <summary>A method of a grain interface: how to call it and what its attributes say.</summary>
internal abstract class GrainMethod
{
    private readonly Func<object, object?[], Task> _invoke;

    protected GrainMethod(MethodInfo method)
    {
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        AlwaysInterleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsOneWay = method.IsDefined(typeof(OneWayAttribute));
        ResponseTimeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        _invoke = Compile(method);
    }

    public string Name { get; }

    public bool IsReadOnly { get; }

    public bool AlwaysInterleaves { get; }

    /// <summary>Null: the host's.</summary>
    public TimeSpan? ResponseTimeout { get; }

    protected bool IsOneWay { get; }

    /// <exception cref="NotSupportedException">The method does not return a task.</exception>
    public static GrainMethod Of(MethodInfo method)
    {
        var kind = method.ReturnType switch
        {
            var type when type == typeof(Task) => typeof(TaskMethod),
            var type when type == typeof(ValueTask) => typeof(ValueTaskMethod),
            { IsGenericType: true } type when type.GetGenericTypeDefinition() == typeof(Task<>) =>
                typeof(TaskMethod<>).MakeGenericType(type.GenericTypeArguments),
            { IsGenericType: true } type when type.GetGenericTypeDefinition() == typeof(ValueTask<>) =>
                typeof(ValueTaskMethod<>).MakeGenericType(type.GenericTypeArguments),
            _ => throw new NotSupportedException($"{method.DeclaringType}.{method.Name} returns {method.ReturnType}, not a task."),
        };
        return (GrainMethod)Activator.CreateInstance(kind, method)!;
    }

    /// <summary>Makes the call and what its caller gets: a task of the type that the method returns.</summary>
    public abstract (GrainCall Call, object Outcome) Begin(object?[] arguments, bool interleaves, long deadline, ILogger logger);

    /// <summary>What the caller gets when the call cannot even begin.</summary>
    public abstract object Failed(Exception failure);

    /// <summary>Calls the method on a grain; a ValueTask becomes a Task.</summary>
    public Task? Invoke(object grain, object?[] arguments) => _invoke(grain, arguments);

    private static Func<object, object?[], Task> Compile(MethodInfo method)
    {
        var grain = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var values = method.GetParameters().Select((parameter, index) => Expression.Convert(
            Expression.ArrayIndex(arguments, Expression.Constant(index)), parameter.ParameterType));
        Expression call = Expression.Call(Expression.Convert(grain, method.DeclaringType!), method, values);
        if (method.ReturnType.IsValueType) call = Expression.Call(call, nameof(ValueTask.AsTask), null);
        return Expression.Lambda<Func<object, object?[], Task>>(call, grain, arguments).Compile();
    }
}
